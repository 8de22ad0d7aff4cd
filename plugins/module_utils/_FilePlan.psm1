# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._FileTransfer
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._FileTree
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestSession
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMDiff

# What a copy has to do: a record's Plan holds Copy (steps with File, Before, Done, Backup and Error), NewDirectory,
# RemoveFile and RemoveDirectory, all with paths below the root of the target.

Function ConvertFrom-ControllerManifest {
    <#
    .SYNOPSIS
    The manifest of the action plugin in the form that ConvertTo-FileManifest has.

    .PARAMETER Dictionary
    kind, name, files with path, size, sha256 and modified (ticks), directories.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Dictionary
    )

    $manifest = ConvertTo-FileManifest -Answer @()
    $manifest.Kind = [string]$Dictionary['kind']
    $manifest.Name = [string]$Dictionary['name']
    foreach ($directory in $Dictionary['directories']) {
        $manifest.Directories.Add([string]$directory)
    }
    foreach ($file in $Dictionary['files']) {
        $manifest.Files.Add(@{
                Path = [string]$file['path']
                Length = [long]$file['size']
                Hash = [string]$file['sha256']
                Modified = [long]$file['modified']
                Attributes = -1
                Source = [string]$file['sha256']
            })
    }
    return $manifest
}

Function Get-TargetRoot {
    <#
    .SYNOPSIS
    The directory that the paths of a manifest are below. Adapts the path of a single file to dest.

    .PARAMETER Manifest
    The manifest.

    .PARAMETER Path
    dest. The path of a file unless it ends with a separator.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Manifest,

        [Parameter(Mandatory = $true)]
        [string]
        $Path
    )

    if ($Manifest.Kind -eq 'directory' -or $Path.EndsWith('\') -or $Path.EndsWith('/')) {
        return $Path
    }
    $cut = $Path.LastIndexOfAny([char[]]@('\', '/'))
    $Manifest.Files[0].Path = $Path.Substring($cut + 1)
    # With its separator: C: alone would mean the current directory of that drive.
    return $Path.Substring(0, $cut + 1)
}

Function New-FilePlan {
    <#
    .SYNOPSIS
    A plan without steps.
    #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'changes nothing')]
    [CmdletBinding()]
    [OutputType([hashtable])]
    param ()

    return @{
        Copy = New-Object -TypeName 'System.Collections.Generic.List[object]'
        NewDirectory = New-Object -TypeName 'System.Collections.Generic.List[string]'
        RemoveFile = New-Object -TypeName 'System.Collections.Generic.List[string]'
        RemoveDirectory = New-Object -TypeName 'System.Collections.Generic.List[string]'
        Error = ''
    }
}

Function Get-FilePlan {
    <#
    .SYNOPSIS
    What has to be done to bring a target to a manifest: Copy, NewDirectory, RemoveFile, RemoveDirectory and Error.

    .PARAMETER Manifest
    From ConvertTo-FileManifest.

    .PARAMETER Answer
    The answers of inspectTarget for the files and directories of the manifest. What it says about others is removed.

    .PARAMETER Option
    force (replace files that differ, not only copy missing ones) and backup (do not remove what an earlier run has kept
    beside a file of the manifest), as the module has them.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Manifest,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [object[]]
        $Answer,

        [System.Collections.IDictionary]
        $Option = @{ force = $true; backup = $false }
    )

    $plan = New-FilePlan
    # Names on Windows differ by more than their case or are the same.
    $there = New-Object -TypeName 'System.Collections.Generic.Dictionary[string, object]' -ArgumentList ([StringComparer]::OrdinalIgnoreCase)
    $wanted = New-Object -TypeName 'System.Collections.Generic.HashSet[string]' -ArgumentList ([StringComparer]::OrdinalIgnoreCase)
    $others = New-Object -TypeName 'System.Collections.Generic.List[object]'
    foreach ($item in $Answer) {
        if ($item.Kind -eq 'error') {
            $plan.Error = [string]$item.Message
            return $plan
        }
        if (([string]$item.Kind).StartsWith('other_')) {
            $others.Add($item)
        } else {
            $there[[string]$item.Path] = $item
        }
    }
    foreach ($directory in $Manifest.Directories) {
        [void]$wanted.Add($directory)
        if (-not $there.ContainsKey($directory)) {
            $plan.NewDirectory.Add($directory)
        } elseif ($there[$directory].Kind -ne 'directory') {
            $plan.Error = "$directory is a file there and a directory in the source. Remove it first."
            return $plan
        }
    }
    foreach ($file in $Manifest.Files) {
        [void]$wanted.Add($file.Path)
        $before = if ($there.ContainsKey($file.Path)) { $there[$file.Path] } else { $null }
        if ([string]$file['Error'] -ne '') {
            $plan.Copy.Add(@{ File = $file; Before = $before; Done = $false; Backup = ''; Error = "the source cannot be read: $($file['Error'])" })
            continue
        }
        if ($null -ne $before -and $before.Kind -eq 'directory') {
            $plan.Error = "$($file.Path) is a directory there and a file in the source. End dest with a backslash to put the file into it."
            return $plan
        }
        if ($null -eq $before -or ($Option['force'] -and ([long]$before.Length -ne $file.Length -or [string]$before.Hash -ne $file.Hash))) {
            $plan.Copy.Add(@{ File = $file; Before = $before; Done = $true; Backup = ''; Error = '' })
        }
    }
    Add-PlannedRemoval -Plan $plan -Wanted $wanted -Other $others -Unknown $Manifest.Unreadable -KeepBackup $Option['backup']
    return $plan
}

Function Add-PlannedRemoval {
    <#
    .SYNOPSIS
    Puts what the manifest does not have into RemoveFile and RemoveDirectory of a plan.

    .PARAMETER Plan
    The plan.

    .PARAMETER Wanted
    The paths of the manifest.

    .PARAMETER Other
    What inspectTarget found.

    .PARAMETER Unknown
    Directories of the source that could not be read: nobody knows what below them is wanted.

    .PARAMETER KeepBackup
    Do not remove backups of wanted files.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Plan,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.HashSet[string]]
        $Wanted,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Other,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[string]]
        $Unknown,

        [Parameter(Mandatory = $true)]
        [bool]
        $KeepBackup
    )

    foreach ($item in $Other) {
        $original = [string]$item.Path
        if ($Unknown.Count -gt 0 -and
            @($Unknown | Where-Object { $original.StartsWith("$_\", [System.StringComparison]::OrdinalIgnoreCase) }).Count -gt 0) {
            continue
        }
        if ($KeepBackup) {
            # The suffix is that of hyperv_copy_vmfile.ps1. Without this, the run after a backup would remove it.
            $original = $original -replace '\.[0-9]{8}-[0-9]{6}\.bak\z', ''
        }
        if ($Wanted.Contains($original) -or $Wanted.Contains([string]$item.Path)) {
            continue
        }
        if ($item.Kind -eq 'other_directory') {
            # Found before what is in it, so the deepest come first in the end.
            $Plan.RemoveDirectory.Insert(0, [string]$item.Path)
        } else {
            $Plan.RemoveFile.Add([string]$item.Path)
        }
    }
}

Function Get-InspectArgument {
    <#
    .SYNOPSIS
    The paths of a manifest and their lengths, as two lists for inspectTarget.

    .PARAMETER Manifest
    The manifest.
    #>
    [CmdletBinding()]
    [OutputType([object[]])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Manifest
    )

    $paths = New-Object -TypeName 'System.Collections.Generic.List[string]'
    $lengths = New-Object -TypeName 'System.Collections.Generic.List[long]'
    foreach ($directory in $Manifest.Directories) {
        $paths.Add($directory)
        $lengths.Add(-1)
    }
    foreach ($file in $Manifest.Files) {
        $paths.Add($file.Path)
        $lengths.Add($file.Length)
    }
    return @($paths.ToArray(), $lengths.ToArray())
}

Function Set-GuestPlan {
    <#
    .SYNOPSIS
    Compares the target in each guest with the manifest and puts what differs into the Plan of its record.

    .PARAMETER Module
    The running module.

    .PARAMETER Record
    Records with a Session.

    .PARAMETER Manifest
    The manifest.

    .PARAMETER Root
    The directory in the guests.
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
        $Record,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Manifest,

        [Parameter(Mandatory = $true)]
        [string]
        $Root
    )

    $options = $Module.Params
    $purge = $options['purge'] -and $Manifest.Kind -eq 'directory'
    $arguments = @{
        Record = $Record
        ScriptBlock = Get-FileScript -Name 'inspectTarget'
        ArgumentList = @($Root) + (Get-InspectArgument -Manifest $Manifest) + @($purge)
        ThrottleLimit = $options['throttle']
        Timeout = $options['timeout']
    }
    foreach ($reply in Invoke-GuestScript @arguments) {
        $null = Get-ReplyMessage -Reply $reply -Timeout $options['timeout'] -AllowEmpty
        if ($null -ne $reply.Record.Error) {
            continue
        }
        $plan = Get-FilePlan -Manifest $Manifest -Answer $reply.Output.ToArray() -Option $options
        $reply.Record.Plan = $plan
        if ($plan.Error -ne '') {
            $reply.Record.Error = "dest in the guest: $($plan.Error)"
        }
    }
}

Function Set-HostPlan {
    <#
    .SYNOPSIS
    Reads src in each guest, compares it with the target on the host and puts what differs into the Plan of its record.

    .PARAMETER Module
    The running module.

    .PARAMETER Record
    Records with a Session and a Target.
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

    $options = $Module.Params
    $arguments = @{
        Record = $Record
        ScriptBlock = Get-FileScript -Name 'listSource'
        ArgumentList = @($options['src'])
        ThrottleLimit = $options['throttle']
        Timeout = $options['timeout']
    }
    foreach ($reply in Invoke-GuestScript @arguments) {
        $item = $reply.Record
        $null = Get-ReplyMessage -Reply $reply -Timeout $options['timeout']
        if ($null -ne $item.Error) {
            continue
        }
        $manifest = ConvertTo-FileManifest -Answer $reply.Output.ToArray()
        if ($manifest.Error -ne '') {
            $item.Error = "src cannot be read in the guest: $($manifest.Error)"
        } elseif ($manifest.Kind -eq 'missing') {
            $item.Error = "src '$($options['src'])' does not exist in the guest."
        }
        if ($null -ne $item.Error) {
            continue
        }
        foreach ($link in $manifest.Links) {
            $Module.Warn("src in '$($item.Name)': '$link' is a link and is not copied.")
        }
        foreach ($file in $manifest.Files) {
            $file.Source = $file.Path
        }
        $item.SourceRoot = $options['src']
        if ($manifest.Kind -eq 'file') {
            $item.SourceRoot = $options['src'].Substring(0, $options['src'].LastIndexOfAny([char[]]@('\', '/')) + 1)
        }
        $item.Root = Get-TargetRoot -Manifest $manifest -Path $item.Target
        $purge = $options['purge'] -and $manifest.Kind -eq 'directory'
        $lists = Get-InspectArgument -Manifest $manifest
        $answer = @(& (Get-FileScript -Name 'inspectTarget') $item.Root $lists[0] $lists[1] $purge)
        $item.Plan = Get-FilePlan -Manifest $manifest -Answer $answer -Option $options
        if ($item.Plan.Error -ne '') {
            $item.Error = "dest on the host: $($item.Plan.Error)"
        }
    }
}

Function Set-BlindPlan {
    <#
    .SYNOPSIS
    The plan for virtual machines whose files cannot be read: every file of the manifest.

    .PARAMETER Module
    The running module.

    .PARAMETER Record
    Records that are reached by Copy-VMFile, after Read-IntegrationService.

    .PARAMETER Manifest
    The manifest.
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
        $Record,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Manifest
    )

    foreach ($item in $Record) {
        if ($null -eq $item.Error -and $item.State -ne 'running') {
            $item.Error = "it is $($item.State), and files can only be copied into a running virtual machine. Start it first, or restrict vm_state to running."
        }
        $service = $item.Services['guest_service_interface']
        if ($null -eq $item.Error -and $null -eq $service) {
            $item.Error = 'the host reports no guest service interface for it.'
        }
        if ($null -eq $item.Error -and $Module.Params['guest_service_interface'] -eq 'required' -and -not $service.Enabled) {
            $item.Error = 'its guest service interface is disabled on the host. Enable it with hyperv.integration.hyperv_ics, or set ' +
            'guest_service_interface to temporary.'
        }
        if ($null -eq $item.Error) {
            $item.Plan = Get-FilePlan -Manifest $Manifest -Answer @()
            $item.Plan.NewDirectory.Clear()
        }
    }
}

Function Clear-StepDone {
    <#
    .SYNOPSIS
    Before anything is done, no step is.

    .PARAMETER Record
    Records with or without a Plan.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record
    )

    foreach ($item in $Record) {
        if ($null -ne $item.Plan) {
            foreach ($step in $item.Plan.Copy) {
                $step.Done = $false
            }
        }
    }
}

Function Set-StepFailure {
    <#
    .SYNOPSIS
    Makes failed steps the Error of their record, and what a record's error kept from being done no step at all.

    .PARAMETER Record
    Records after their plans.
    #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'changes only records')]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record
    )

    foreach ($item in $Record) {
        if ($null -ne $item.Error -or $null -eq $item.Plan) {
            continue
        }
        $failed = @($item.Plan.Copy | Where-Object { $_.Error -ne '' })
        if ($failed.Count -gt 0) {
            $texts = @($failed | Select-Object -First 5 | ForEach-Object { "$($_.File.Path): $($_.Error)" })
            $item.Error = "$($failed.Count) of $($item.Plan.Copy.Count) files failed: $($texts -join '; ')"
        }
    }
}

Function Test-PlanDone {
    <#
    .SYNOPSIS
    Whether something of a plan was, or in check mode would be, done.

    .PARAMETER Record
    A record.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record
    )

    $plan = $Record.Plan
    if ($null -eq $plan) {
        return $false
    }
    foreach ($step in $plan.Copy) {
        if ($step.Done) {
            return $true
        }
    }
    return $plan.NewDirectory.Count -gt 0 -or $plan.RemoveFile.Count -gt 0 -or $plan.RemoveDirectory.Count -gt 0
}

Function Get-FileDiffText {
    <#
    .SYNOPSIS
    What differs, virtual machine by virtual machine, as YAML: hashes and sizes, no contents.

    .PARAMETER Record
    Records with a Plan.

    .PARAMETER After
    Show what is there after the steps instead of before.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [switch]
        $After
    )

    $lines = New-Object -TypeName 'System.Collections.Generic.List[string]'
    foreach ($item in $Record) {
        if (-not (Test-PlanDone -Record $item)) {
            continue
        }
        $lines.Add((Get-VMDiffHeading -Record $item))
        $lines.Add('  files:')
        foreach ($step in $item.Plan.Copy) {
            if (-not $step.Done) {
                continue
            }
            $value = if ($After) {
                "{size: $($step.File.Length), sha256: $($step.File.Hash)}"
            } elseif ($null -eq $step.Before) {
                if ($item.Transport -eq 'copy_vmfile') { 'unknown' } else { 'absent' }
            } elseif ([string]$step.Before.Hash -eq '') {
                "{size: $($step.Before.Length)}"
            } else {
                "{size: $($step.Before.Length), sha256: $($step.Before.Hash)}"
            }
            $lines.Add("    $(ConvertTo-YamlText -Text $step.File.Path): $value")
        }
        foreach ($path in @($item.Plan.NewDirectory)) {
            $value = if ($After) { 'directory' } else { 'absent' }
            $lines.Add("    $(ConvertTo-YamlText -Text $path): $value")
        }
        foreach ($path in @($item.Plan.RemoveFile) + @($item.Plan.RemoveDirectory)) {
            $value = if ($After) { 'absent' } else { 'present' }
            $lines.Add("    $(ConvertTo-YamlText -Text $path): $value")
        }
    }
    return Join-DiffLine -Line $lines
}

Export-ModuleMember -Function Clear-StepDone, ConvertFrom-ControllerManifest, Get-FileDiffText, Get-TargetRoot, Set-BlindPlan, Set-GuestPlan, Set-HostPlan,
Set-StepFailure, Test-PlanDone
