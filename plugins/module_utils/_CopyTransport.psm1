# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._KeyValueGuest
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._KeyValuePair

# How hyperv_copy_vmfile reaches a guest: as its user says, or by what the guest has told the host of itself.

Function Read-GuestSystem {
    <#
    .SYNOPSIS
    Asks the host which operating systems run in guests, with one query for all and without an account of the guests.

    .DESCRIPTION
    Sets System of each record: Family (windows, linux, or empty when the guest does not tell), Name, and Direct, whether
    PowerShell Direct may reach it.

    .PARAMETER Module
    The running module.

    .PARAMETER Record
    The selected records.
    #>
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

    foreach ($item in $Record) {
        $item.Kvp = @{ Intrinsic = $null }
        $item.System = @{ Family = ''; Name = ''; Direct = $true }
    }
    try {
        Read-KeyValueComponent -Record $Record -Property GuestIntrinsicExchangeItems
    } catch {
        $Module.Warn("The operating systems of the guests are not known. $(Get-CimErrorText -ErrorRecord $_)")
        return
    }
    foreach ($item in $Record) {
        $info = ConvertTo-GuestInfo -Table (ConvertTo-KeyValueTable -Pair (ConvertFrom-KeyValueText -Text $item.Kvp.Intrinsic))
        if ($null -eq $info) {
            continue
        }
        $windows = $info.os.family -eq 'windows'
        $item.System.Family = $info.os.family
        $item.System.Name = if ($null -ne $info.os.name) { $info.os.name } elseif ($windows) { 'Windows' } else { 'Linux' }
        # Windows 10 and Windows Server 2016 are 10.0; those before begin with a 6.
        $item.System.Direct = $windows -and [string]$info.os.version -notmatch '^[1-9]\.'
    }
}

Function Get-AutomaticTransport {
    <#
    .SYNOPSIS
    The transport that serves a guest: Transport, Reason, and Error when none does.

    .PARAMETER Option
    The options of the module.

    .PARAMETER System
    From Read-GuestSystem.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Option,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $System
    )

    $runs = "its guest runs $($System.Name)"
    if ($Option['direction'] -eq 'from_guest') {
        if ($System.Direct) {
            return @{ Transport = 'powershell_direct'; Reason = 'only PowerShell Direct copies from a guest'; Error = '' }
        }
        $refusal = "$runs, and no transport copies from it: Copy-VMFile copies to guests only, and PowerShell Direct needs Windows 10, Windows " +
        'Server 2016 or later in the guest. Fetch the files through a connection of Ansible to the guest itself.'
        return @{ Transport = ''; Reason = "PowerShell Direct does not reach it: $runs"; Error = $refusal }
    }

    $choice = @{ Transport = 'copy_vmfile'; Reason = ''; Error = '' }
    $linuxPath = $Option['dest'].StartsWith('/')
    if (-not $System.Direct) {
        $choice.Reason = "PowerShell Direct does not reach it: $runs"
    } elseif ($linuxPath) {
        $choice.Reason = 'dest is a path of a Linux guest'
    } elseif ([string]::IsNullOrEmpty($Option['guest_username'])) {
        $choice.Reason = 'no account of the guest is given'
    } else {
        $choice.Transport = 'powershell_direct'
        $choice.Reason = if ($System.Family -eq 'windows') {
            "$runs, and an account of it is given"
        } else {
            'an account of the guest is given; the guest does not tell its operating system, and dest is a path of Windows'
        }
    }
    if ($System.Family -ne '' -and ($System.Family -eq 'linux') -ne $linuxPath) {
        $kind = if ($linuxPath) { 'Linux' } else { 'Windows' }
        $choice.Error = "dest '$($Option['dest'])' is a path of a $kind guest, and $runs. Select guests of one kind, or correct dest."
    } elseif ($choice.Transport -eq 'copy_vmfile') {
        foreach ($name in 'backup', 'purge', 'validate') {
            if ($Option[$name] -and $choice.Error -eq '') {
                $choice.Error = "$name needs PowerShell Direct, and Copy-VMFile was chosen: $($choice.Reason)."
            }
        }
    }
    return $choice
}

Function Select-Transport {
    <#
    .SYNOPSIS
    Chooses how each virtual machine is reached: sets Transport and Reason of the records, and Error where nothing reaches it.

    .PARAMETER Module
    The running module.

    .PARAMETER Record
    The selected records.
    #>
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
    $choice = @{ Transport = $options['transport']; Reason = 'transport is set'; Error = '' }
    $automatic = $options['transport'] -eq 'auto'
    if ($automatic -and $Record.Count -gt 0) {
        Read-GuestSystem -Module $Module -Record $Record
    }
    foreach ($item in $Record) {
        if ($automatic) {
            $choice = Get-AutomaticTransport -Option $options -System $item.System
        }
        $item.Transport = $choice.Transport
        $item.Reason = $choice.Reason
        $item.Plan = $null
        $item.Session = $null
        if ($choice.Error -ne '') {
            $item.Error = $choice.Error
        }
    }
}

Export-ModuleMember -Function Select-Transport
