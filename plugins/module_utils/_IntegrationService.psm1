# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._HyperVError

# The last part of the Id of a component. The same on every host; the display names are localized.
$script:componentIds = [ordered]@{
    guest_service_interface = '6C09BB55-D683-4DA0-8931-C9BF705F6480'
    heartbeat = '84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47'
    key_value_pair_exchange = '2A34B1C2-FD73-4043-8A5B-DD2159BC743F'
    shutdown = '9F8233AC-BE49-4C79-8EE3-E7E1985B2077'
    time_synchronization = '2497F4DE-E9FA-4204-80E4-4B75C46419C0'
    vss = '5CED1297-4598-4915-A5FC-AD21BB4D02A4'
}

$script:serviceKeys = @{}
foreach ($key in $script:componentIds.Keys) {
    $script:serviceKeys[$script:componentIds[$key]] = $key
}

# Microsoft.HyperV.PowerShell.VMIntegrationComponentOperationalStatus; 15 has no name there, it is WMI's
# Dormant, the state of a component while its virtual machine is paused.
$script:statusNames = @{
    2 = 'ok'
    3 = 'degraded'
    6 = 'error'
    7 = 'non_recoverable_error'
    12 = 'no_contact'
    13 = 'lost_communication'
    15 = 'dormant'
    32775 = 'protocol_mismatch'
    32782 = 'application_critical'
    32783 = 'communication_timed_out'
    32784 = 'communication_failed'
    32896 = 'disabled'
}

Function Get-ServiceComponent {
    <#
    .SYNOPSIS
    The services that a host controls: their keys in alphabetical order, each with the GUID of its component.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param ()

    $table = [ordered]@{}
    foreach ($key in $script:componentIds.Keys) {
        $table[$key] = $script:componentIds[$key].ToLowerInvariant()
    }
    return $table
}

Function Get-StatusName {
    <#
    .SYNOPSIS
    The names of the operational states of a component by their number.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param ()

    return $script:statusNames
}

Function ConvertTo-ServiceMap {
    <#
    .SYNOPSIS
    Checks a dictionary of service key and desired state, before anything is read.

    .PARAMETER Module
    The running module; it fails on a key or value that is not known.

    .PARAMETER Service
    The dictionary as the user gave it.

    .PARAMETER Context
    Where the dictionary stands, for error messages: empty, or for example 'policies[1]: '.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module,

        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [System.Collections.IDictionary]
        $Service,

        [string]
        $Context = ''
    )

    $known = @($script:componentIds.Keys)
    if ($null -eq $Service -or $Service.Count -eq 0) {
        $Module.FailJson("${Context}services names no service. Known services: $($known -join ', ').")
    }
    $map = @{}
    foreach ($key in $Service.Keys) {
        if ($key -eq 'powershell_direct') {
            $Module.FailJson("${Context}services.powershell_direct cannot be set here: PowerShell Direct has no component on the host that " +
                'could be enabled or disabled, it is the service vmicvmsession inside the guest. Use the module ' +
                'hyperv.integration.hyperv_guest_service to set it there.')
        }
        if ($known -cnotcontains $key) {
            $Module.FailJson("${Context}services.$key is not an integration service. Known services: $($known -join ', ').")
        }
        $value = $Service[$key]
        try {
            if ($null -eq $value) {
                throw 'no value'
            }
            $map[$key] = [Ansible.Basic.AnsibleModule]::ParseBool($value)
        } catch {
            $Module.FailJson("${Context}services.$key must be true (enabled) or false (disabled), not '$value'.")
        }
    }
    return $map
}

Function Add-ComponentToRecord {
    <#
    .SYNOPSIS
    Puts the state of components into the Services of the records that they belong to.

    .DESCRIPTION
    A status is null where the host reports none, as for a virtual machine that is off.

    .PARAMETER Component
    Components from Get-VMIntegrationService.

    .PARAMETER RecordById
    The records by the id of the virtual machine.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [object[]]
        $Component,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $RecordById
    )

    # One loop without calls: a host with a thousand virtual machines has six thousand components.
    $names = $script:statusNames
    foreach ($item in $Component) {
        $record = $RecordById[$item.VMId.ToString()]
        # Microsoft:<id of the virtual machine>\<id of the component>
        $text = [string]$item.Id
        $key = $script:serviceKeys[$text.Substring($text.LastIndexOf('\') + 1)]
        if ($null -eq $record -or $null -eq $key) {
            continue
        }
        try {
            $service = @{ Component = $item; Enabled = [bool]$item.Enabled; Status = $null; SecondaryStatus = $null }
            $status = $item.PrimaryOperationalStatus
            if ($null -ne $status) {
                $number = [int]$status
                $service.Status = if ($names.ContainsKey($number)) { $names[$number] } else { "unknown_$number" }
            }
            $status = $item.SecondaryOperationalStatus
            if ($null -ne $status) {
                $number = [int]$status
                $service.SecondaryStatus = if ($names.ContainsKey($number)) { $names[$number] } else { "unknown_$number" }
            }
            $record.Services[$key] = $service
        } catch {
            # The getters of an object that has been deleted on the host throw.
            $record.Error = "$key cannot be read: $($_.Exception.Message)"
        }
    }
}

Function Read-IntegrationService {
    <#
    .SYNOPSIS
    Reads the integration services of many virtual machines with one call into the Services of their records.

    .DESCRIPTION
    A virtual machine that fails keeps the others going: the reason is put into the Error of its record. Where the
    host does not say which virtual machine an error is about, the ones without an answer are asked once more, one by one.

    .PARAMETER Record
    Records from _VMSelection.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record
    )

    $byId = @{}
    $vms = New-Object -TypeName 'System.Collections.Generic.List[object]'
    foreach ($item in $Record) {
        $item.Services = @{}
        if ($null -eq $item.Error) {
            $byId[$item.Id] = $item
            $vms.Add($item.VM)
        }
    }
    if ($vms.Count -eq 0) {
        return
    }

    $components = @()
    $problems = @()
    try {
        # Not Stop: an error about one virtual machine must not cost the answers of the others.
        $components = @(Hyper-V\Get-VMIntegrationService -VM $vms.ToArray() -ErrorAction SilentlyContinue -ErrorVariable problems)
    } catch {
        $problems = @($_)
    }
    Add-ComponentToRecord -Component $components -RecordById $byId
    foreach ($problem in @($problems | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] })) {
        $id = Get-ErrorVMId -ErrorRecord $problem -Known $byId
        if ($id -ne '') {
            $byId[$id].Error = Get-VMErrorText -ErrorRecord $problem
        }
    }

    foreach ($item in $Record) {
        if ($null -ne $item.Error -or $item.Services.Count -gt 0) {
            continue
        }
        try {
            $components = @(Hyper-V\Get-VMIntegrationService -VM $item.VM -ErrorAction Stop)
            Add-ComponentToRecord -Component $components -RecordById $byId
            if ($item.Services.Count -eq 0) {
                $item.Error = 'the host reports no integration service for it'
            }
        } catch {
            $item.Error = Get-VMErrorText -ErrorRecord $_
        }
    }
}

Function Invoke-ComponentChange {
    <#
    .SYNOPSIS
    Enables or disables many components with one call and returns the errors.

    .PARAMETER Component
    The components; they may belong to many virtual machines.

    .PARAMETER Enable
    Whether to enable them.
    #>
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param (
        [Parameter(Mandatory = $true)]
        [object[]]
        $Component,

        [Parameter(Mandatory = $true)]
        [bool]
        $Enable
    )

    $problems = @()
    try {
        # Not Stop: an error about one component must not keep the others from being changed.
        if ($Enable) {
            $null = Hyper-V\Enable-VMIntegrationService -VMIntegrationService $Component -ErrorAction SilentlyContinue -ErrorVariable problems
        } else {
            $null = Hyper-V\Disable-VMIntegrationService -VMIntegrationService $Component -ErrorAction SilentlyContinue -ErrorVariable problems
        }
    } catch {
        $problems = @($_)
    }
    return @($problems | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] })
}

Function Get-FailureReason {
    <#
    .SYNOPSIS
    Why the steps of one virtual machine failed; tries once more where the host has not told.

    .PARAMETER Record
    The record; its Plan holds at least one step that is not Done.

    .PARAMETER Known
    The reasons by the id of the virtual machine.

    .PARAMETER Anonymous
    The different reasons that the host gave without saying for which virtual machine.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Known,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[string]]
        $Anonymous
    )

    if ($Known.ContainsKey($Record.Id)) {
        return $Known[$Record.Id]
    }
    if ($null -ne $Record.Error) {
        return $Record.Error
    }
    if ($Anonymous.Count -eq 1) {
        return $Anonymous[0]
    }

    $open = @($Record.Plan | Where-Object { -not $_.Done })
    $steps = @($open | Where-Object { $_.Wanted -eq $open[0].Wanted })
    $problems = @(Invoke-ComponentChange -Component @($steps | ForEach-Object { $_.Component }) -Enable $open[0].Wanted)
    if ($problems.Count -gt 0) {
        return Get-VMErrorText -ErrorRecord $problems[0]
    }
    foreach ($step in $steps) {
        $step.Done = $true
    }
    return 'the host did not change it and gave no reason'
}

Function Invoke-ServicePlan {
    <#
    .SYNOPSIS
    Carries out the plans of many virtual machines with one call for each direction and one to read back.

    .DESCRIPTION
    What was done is decided by reading back, because the errors of a call for many components need not say which
    virtual machine they are about. Sets Done of each step and, where steps failed, Error of the record.

    .PARAMETER Record
    Records whose Plan holds the steps: Key, Component, Wanted, Done.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [System.Collections.Generic.List[object]]
        $Record
    )

    $byId = @{}
    foreach ($item in $Record) {
        $byId[$item.Id] = $item
    }
    $known = @{}
    $anonymous = New-Object -TypeName 'System.Collections.Generic.List[string]'
    foreach ($enable in $true, $false) {
        $components = @(
            foreach ($item in $Record) {
                foreach ($step in $item.Plan) {
                    if ($step.Wanted -eq $enable) {
                        $step.Component
                    }
                }
            }
        )
        if ($components.Count -eq 0) {
            continue
        }
        foreach ($problem in Invoke-ComponentChange -Component $components -Enable $enable) {
            $id = Get-ErrorVMId -ErrorRecord $problem -Known $byId
            $text = Get-VMErrorText -ErrorRecord $problem
            if ($id -ne '') {
                $known[$id] = $text
            } elseif (-not $anonymous.Contains($text)) {
                $anonymous.Add($text)
            }
        }
    }

    Read-IntegrationService -Record $Record
    foreach ($item in $Record) {
        $complete = $true
        foreach ($step in $item.Plan) {
            $service = $item.Services[$step.Key]
            $step.Done = $null -ne $service -and $service.Enabled -eq $step.Wanted
            $complete = $complete -and $step.Done
        }
        if ($complete) {
            continue
        }
        $reason = Get-FailureReason -Record $item -Known $known -Anonymous $anonymous
        $open = @($item.Plan | Where-Object { -not $_.Done } | ForEach-Object { $_.Key })
        if ($open.Count -gt 0) {
            $item.Error = "$($open -join ', '): $reason"
        }
    }
}

Export-ModuleMember -Function ConvertTo-ServiceMap, Get-ServiceComponent, Get-StatusName, Invoke-ServicePlan, Read-IntegrationService
