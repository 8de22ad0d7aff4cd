# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._FilePlan
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._FileTree
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMTask

# The options of hyperv_copy_vmfile, and what it returns.

# A path of the host: with a drive, of the network, or one that begins with an environment variable.
$script:absolutePath = '^([A-Za-z]:[\\/]|\\\\|%)'

Function Confirm-WindowsPath {
    <#
    .SYNOPSIS
    Fails the module on a path with a character that no name on Windows has: a colon would mean a stream of a file, and wildcards mean nothing.

    .PARAMETER Module
    The running module.

    .PARAMETER Name
    The option with the path.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module,

        [Parameter(Mandatory = $true)]
        [ValidateSet('dest', 'src')]
        [string]
        $Name
    )

    $path = $Module.Params[$Name]
    # What may stand before the names: a prefix for the system (\\?\), a drive.
    $names = $path -replace '^(\\\\[?.]\\)?([A-Za-z]:)?', ''
    if (-not $path.StartsWith('/') -and $names -match '[<>:"|?*\x00-\x1f]') {
        $Module.FailJson("$Name '$path' is no possible path on Windows: names hold none of < > : `" | ? *. Wildcards are not expanded.")
    }
}

Function Confirm-CopyOption {
    <#
    .SYNOPSIS
    Refuses options that cannot go together, before anything is read.

    .PARAMETER Module
    The running module.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module
    )

    $options = $Module.Params
    $toGuest = $options['direction'] -eq 'to_guest'
    Confirm-OptionLimit -Module $Module -Limit ([ordered]@{ logon_retries = 0; retries = 0; retry_delay = 0; throttle = 1; timeout = 0 })
    $guestPath = if ($toGuest) { 'dest' } else { 'src' }
    if ($options[$guestPath] -notmatch '^([A-Za-z]:[\\/]|\\\\|%|/)') {
        $Module.FailJson("$guestPath must be an absolute path in the guest such as C:\Temp\file.txt, not '$($options[$guestPath])'.")
    }
    Confirm-WindowsPath -Module $Module -Name dest
    if (-not $toGuest -or $options['remote_src']) {
        Confirm-WindowsPath -Module $Module -Name src
    }
    if ($toGuest) {
        if (-not $options['remote_src'] -and $null -eq $options['manifest']) {
            $Module.FailJson('A file of the controller reaches the host only through the action plugin of this module. Run it as a task, or set remote_src.')
        }
        if ($options['remote_src'] -and $options['src'] -notmatch $script:absolutePath) {
            $Module.FailJson("src must be an absolute path of the host such as D:\Packages\app, not '$($options['src'])'.")
        }
        if ($options['dest'].StartsWith('/') -and $options['transport'] -eq 'powershell_direct') {
            $Module.FailJson("dest '$($options['dest'])' is a path of a Linux guest, which PowerShell Direct cannot reach. Set transport to copy_vmfile.")
        }
    } elseif ($options['transport'] -eq 'copy_vmfile') {
        $Module.FailJson('Copy-VMFile copies from the host to the guest only. Set transport to powershell_direct for direction from_guest.')
    } elseif ($null -ne $options['validate']) {
        $Module.FailJson('validate runs in the guest and needs direction to_guest.')
    }
    Confirm-TransportOption -Module $Module
}

Function Confirm-TransportOption {
    <#
    .SYNOPSIS
    Refuses options that the chosen transport cannot serve.

    .PARAMETER Module
    The running module.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module
    )

    $options = $Module.Params
    $toGuest = $options['direction'] -eq 'to_guest'
    if ($options['transport'] -eq 'copy_vmfile') {
        foreach ($name in 'backup', 'purge', 'validate') {
            if ($options[$name]) {
                $Module.FailJson("$name needs transport powershell_direct: Copy-VMFile cannot read, rename or run anything in a guest.")
            }
        }
    }
    if ($options['checksum_marker'] -and ($options['transport'] -eq 'powershell_direct' -or -not $toGuest)) {
        $Module.FailJson('checksum_marker is for transport copy_vmfile: PowerShell Direct compares the files themselves.')
    }
    if ($null -ne $options['validate'] -and @($options['validate'] | Where-Object { $_.Contains('%s') }).Count -eq 0) {
        $Module.FailJson('validate must hold %s, which stands for the path of the new file.')
    }
    $needsAccount = -not $toGuest -or $options['transport'] -eq 'powershell_direct' -or $options['backup'] -or $options['purge'] -or $options['validate']
    if ($needsAccount -and [string]::IsNullOrEmpty($options['guest_username'])) {
        $Module.FailJson('PowerShell Direct needs an account of the guest: set guest_username and guest_password.')
    }
}

Function Read-HostSource {
    <#
    .SYNOPSIS
    The manifest of src: of the controller, or of the host with remote_src. Fails the module where there is nothing to copy.

    .PARAMETER Module
    The running module.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module
    )

    if ($null -ne $Module.Params['manifest']) {
        return ConvertFrom-ControllerManifest -Dictionary $Module.Params['manifest']
    }
    $src = $Module.Params['src']
    $manifest = ConvertTo-FileManifest -Answer @(& (Get-FileScript -Name 'listSource') $src)
    if ($manifest.Error -ne '') {
        $Module.FailJson("src '$src' cannot be read on the host: $($manifest.Error)")
    }
    if ($manifest.Kind -eq 'missing') {
        $Module.FailJson("src '$src' does not exist on the host. Check the path, or set remote_src to false for a file of the controller.")
    }
    foreach ($link in $manifest.Links) {
        $Module.Warn("src: '$link' is a link and is not copied.")
    }
    foreach ($file in $manifest.Files) {
        if ($file['Error'] -ne '') {
            $Module.FailJson("src '$src' cannot be read on the host: $($file.Path): $($file['Error'])")
        }
        $file.Source = $file.Path
    }
    return $manifest
}

Function Set-HostTarget {
    <#
    .SYNOPSIS
    Puts the directory or file of the host that each virtual machine's files come to into its record.

    .PARAMETER Module
    The running module; fails where two virtual machines would share a path.

    .PARAMETER Record
    The selected records.
    #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'changes only records')]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record
    )

    $dest = $Module.Params['dest']
    if ($dest -notmatch $script:absolutePath) {
        $Module.FailJson("dest must be an absolute path of the host such as D:\Logs\{name}, not '$dest'.")
    }
    $taken = New-Object -TypeName 'System.Collections.Generic.HashSet[string]' -ArgumentList ([StringComparer]::OrdinalIgnoreCase)
    foreach ($item in $Record) {
        $item.Target = $dest.Replace('{name}', $item.Name).Replace('{id}', $item.Id)
        if (-not $taken.Add($item.Target)) {
            $Module.FailJson("dest '$dest' means the same path for several virtual machines of this host, among them '$($item.Name)'. " +
                'Write {id} or, where names are unique, {name} into it.')
        }
        if ($dest.Contains('{name}') -and ($item.Name.IndexOfAny([System.IO.Path]::GetInvalidFileNameChars()) -ge 0 -or $item.Name.Trim('. ') -ne $item.Name)) {
            $item.Error = 'its name cannot be the name of a file or directory. Write {id} instead of {name} into dest.'
        }
    }
}

Function ConvertTo-CopyResult {
    <#
    .SYNOPSIS
    The results of virtual machines as plain data.

    .PARAMETER Record
    Records after the steps of their plans.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record
    )

    foreach ($item in $Record) {
        $files = @()
        $removed = @()
        $directories = @()
        if ($null -ne $item.Plan) {
            $files = @(
                foreach ($step in $item.Plan.Copy) {
                    # A directory that cannot be read stands among the files, and may be there as one.
                    $before = if ($null -ne $step.Before -and $step.Before.Kind -eq 'file') { $step.Before } else { $null }
                    [ordered]@{
                        path = $step.File.Path
                        changed = $step.Done
                        msg = $step.Error
                        size = $step.File.Length
                        sha256 = $step.File.Hash
                        previous_size = if ($null -ne $before) { [long]$before.Length } else { $null }
                        previous_sha256 = if ($null -ne $before -and [string]$before.Hash -ne '') { [string]$before.Hash } else { $null }
                        backup_file = if ($step.Backup -ne '') { $step.Backup } else { $null }
                    }
                }
            )
            $directories = @($item.Plan.NewDirectory)
            $removed = @($item.Plan.RemoveFile) + @($item.Plan.RemoveDirectory)
        }
        [ordered]@{
            name = $item.Name
            id = $item.Id
            state = $item.State
            changed = Test-PlanDone -Record $item
            failed = $null -ne $item.Error
            msg = [string]$item.Error
            transport = $item.Transport
            transport_reason = $item.Reason
            files = $files
            directories = $directories
            removed = $removed
        }
    }
}

Export-ModuleMember -Function Confirm-CopyOption, ConvertTo-CopyResult, Read-HostSource, Set-HostTarget
