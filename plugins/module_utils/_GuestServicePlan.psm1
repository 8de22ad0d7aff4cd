# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestError
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestService
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestSession
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMDiff

# What has to be done to the services in guests, and doing it.

Function ConvertTo-GuestServiceMap {
    <#
    .SYNOPSIS
    The services that the user wants set: StartMode and State (empty: as it is) by service key; fails the module on nonsense.

    .PARAMETER Module
    The running module, with the options services and allow_lockout.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module
    )

    $map = [ordered]@{}
    foreach ($key in (Get-GuestServiceName).Keys) {
        $wanted = $Module.Params.services[$key]
        if ($null -eq $wanted) {
            continue
        }
        $mode = [string]$wanted['start_mode']
        $state = [string]$wanted['state']
        if ($mode -eq 'disabled' -and @('started', 'restarted') -contains $state) {
            $Module.FailJson("services.${key}: a service with the start_mode disabled cannot be $state. Set another start_mode, or the state stopped.")
        }
        if ($key -eq 'powershell_direct' -and ($mode -eq 'disabled' -or @('stopped', 'restarted') -contains $state) -and -not $Module.Params.allow_lockout) {
            $Module.FailJson('services.powershell_direct: this module reaches the guests through the very service vmicvmsession that would be ' +
                'stopped or disabled, and could not undo it. Make sure that there is another way into the guests, then set allow_lockout: true.')
        }
        $map[$key] = @{ StartMode = $mode; State = $state }
    }
    if ($map.Count -eq 0) {
        $Module.FailJson("services names no service. Known services: $((Get-GuestServiceName).Keys -join ', ').")
    }
    return $map
}

Function Set-GuestServicePlan {
    <#
    .SYNOPSIS
    Compares guests with what is wanted into the Plan of their records: Key, Option, Before, After, Done.

    .PARAMETER Record
    Records after Invoke-GuestServiceScript. What cannot be done is the Error of its record, which then has no Plan.

    .PARAMETER Desired
    From ConvertTo-GuestServiceMap.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Desired
    )

    $names = Get-GuestServiceName
    foreach ($item in $Record) {
        if ($null -ne $item.Error -or $null -eq $item.Guest) {
            continue
        }
        $plan = New-Object -TypeName 'System.Collections.Generic.List[object]'
        $refused = New-Object -TypeName 'System.Collections.Generic.List[string]'
        foreach ($key in $Desired.Keys) {
            $wanted = $Desired[$key]
            $actual = $item.Guest.Services[$key]
            if (-not $actual.Present) {
                $refused.Add("${key}: the guest has no service $($names[$key])")
                continue
            }
            if ($wanted.StartMode -ne '' -and $wanted.StartMode -ne $actual.StartMode) {
                $plan.Add(@{ Key = $key; Option = 'start_mode'; Before = $actual.StartMode; After = $wanted.StartMode; Done = $false })
            }
            $state = if ($actual.Running) { 'started' } else { 'stopped' }
            if ($wanted.State -eq '' -or $wanted.State -eq $state) {
                continue
            }
            if ($wanted.State -ne 'stopped' -and $wanted.StartMode -eq '' -and $actual.StartMode -eq 'disabled') {
                $refused.Add("${key}: it cannot be $($wanted.State) while its start mode is disabled. Set start_mode: manual as well")
                continue
            }
            $plan.Add(@{ Key = $key; Option = 'state'; Before = $state; After = $wanted.State; Done = $false })
        }
        if ($refused.Count -gt 0) {
            $item.Error = $refused -join '; '
            $item.ErrorKind = 'refused'
        } else {
            $item.Plan = $plan
        }
    }
}

Function Test-GuestStep {
    <#
    .SYNOPSIS
    Whether a guest is now as a step of its plan wants it.

    .PARAMETER Step
    The step.

    .PARAMETER Guest
    What was read after it.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Step,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Guest
    )

    $now = $Guest.Services[$Step.Key]
    if ($Step.Option -eq 'start_mode') {
        return $now.StartMode -eq $Step.After
    }
    if ($Step.After -eq 'stopped') {
        return -not $now.Running
    }
    return $now.Running -and -not ($Step.After -eq 'restarted' -and $Guest.Problems.ContainsKey($Step.Key))
}

Function Confirm-GuestPlan {
    <#
    .SYNOPSIS
    Decides by what was read back which steps were done, and says which were not in the Error of the record.

    .PARAMETER Record
    A record after its plan was carried out.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record
    )

    $open = New-Object -TypeName 'System.Collections.Generic.List[string]'
    foreach ($step in $Record.Plan) {
        if ($step.Key -eq 'powershell_direct' -and $step.Option -eq 'state') {
            continue
        }
        $step.Done = Test-GuestStep -Step $step -Guest $Record.Guest
        if ($step.Done) {
            continue
        }
        $reason = $Record.Guest.Problems[$step.Key]
        if ($null -eq $reason) {
            $reason = 'the guest gave no reason'
            if ($step.Option -eq 'state' -and $step.After -ne 'stopped') {
                $reason = 'it does not keep running. A service runs only while it is enabled on the host, see hyperv.integration.hyperv_ics'
            }
        }
        $open.Add("$($step.Key): $($step.Option) is not $($step.After): $reason")
    }
    if ($open.Count -gt 0) {
        $Record.ErrorKind = 'guest'
        $Record.Error = $open -join '; '
    }
}

Function Stop-GuestChannel {
    <#
    .SYNOPSIS
    Stops or restarts vmicvmsession, the service that the sessions to the guests need themselves.

    .DESCRIPTION
    That the session dies is what is to be expected. Nothing can be read back.

    .PARAMETER Record
    Records with a Session whose plan has such a step.

    .PARAMETER Restart
    Restart it. Whether it comes back cannot be seen.

    .PARAMETER Option
    The parameters of the module: throttle and timeout.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [switch]
        $Restart,

        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Option
    )

    $block = if ($Restart) { { Restart-Service -Name vmicvmsession -Force } } else { { Stop-Service -Name vmicvmsession -Force } }
    $running = @{ ScriptBlock = $block; ArgumentList = @(); ThrottleLimit = $Option['throttle']; Timeout = $Option['timeout'] }
    foreach ($reply in @(Invoke-GuestScript -Record $Record @running)) {
        $item = $reply.Record
        $others = @($reply.ErrorRecord | Where-Object { (Get-GuestErrorKind -ErrorRecord $_) -ne 'transport' })
        if ($reply.TimedOut -or $others.Count -gt 0) {
            $item.ErrorKind = if ($reply.TimedOut) { 'timeout' } else { 'guest' }
            $reason = if ($reply.TimedOut) { "no answer within $($Option['timeout']) seconds" } else { $others[0].Exception.Message }
            $item.Error = "powershell_direct: state cannot be set: $reason"
            continue
        }
        foreach ($step in $item.Plan) {
            if ($step.Key -eq 'powershell_direct' -and $step.Option -eq 'state') {
                $step.Done = $true
            }
        }
        $item.Guest.Services['powershell_direct'].Running = [bool]$Restart
    }
}

Function Invoke-GuestServicePlan {
    <#
    .SYNOPSIS
    Carries out the plans of guests, and last of all what ends the sessions to them.

    .DESCRIPTION
    Sets Done of each step, and Error and Unknown (nobody knows how far it got) of a record.

    .PARAMETER Record
    Records with a Session and a Plan.

    .PARAMETER Desired
    From ConvertTo-GuestServiceMap.

    .PARAMETER Option
    The parameters of the module: throttle and timeout.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Desired,

        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Option
    )

    $names = Get-GuestServiceName
    $wanted = @{}
    foreach ($key in $Desired.Keys) {
        $state = if ($key -eq 'powershell_direct') { '' } else { $Desired[$key].State }
        $wanted[$names[$key]] = @{ start_mode = $Desired[$key].StartMode; state = $state }
    }
    $open = New-Object -TypeName 'System.Collections.Generic.List[object]'
    foreach ($item in $Record) {
        if ($null -eq $item.Error -and $item.Plan.Count -gt 0) {
            $open.Add($item)
        }
    }
    if ($open.Count -eq 0) {
        return
    }
    Invoke-GuestServiceScript -Record $open -Wanted $wanted -Option $Option
    $cut = New-Object -TypeName 'System.Collections.Generic.List[object]'
    foreach ($item in $open) {
        if ($null -ne $item.Error) {
            $item.Unknown = $true
            continue
        }
        Confirm-GuestPlan -Record $item
        $steps = @($item.Plan | Where-Object { $_.Key -eq 'powershell_direct' -and $_.Option -eq 'state' })
        if ($null -eq $item.Error -and $steps.Count -gt 0) {
            $cut.Add($item)
        }
    }
    if ($cut.Count -gt 0) {
        Stop-GuestChannel -Record $cut -Restart:($Desired['powershell_direct'].State -eq 'restarted') -Option $Option
    }
}

Function Invoke-GuestServiceOnRecord {
    <#
    .SYNOPSIS
    Reads, and where wanted sets, the services in the guests of all records; sets their Guest, Clock and Plan, or Error.

    .DESCRIPTION
    As many sessions are open at the same time as throttle says, never one for each virtual machine.

    .PARAMETER Record
    Records of virtual machines. Those with an Error are left alone.

    .PARAMETER Credential
    An account of the guests.

    .PARAMETER Option
    The parameters of the module: configuration_name, logon_retries, retries, retry_delay, throttle, timeout.

    .PARAMETER Desired
    From ConvertTo-GuestServiceMap; null to only read.

    .PARAMETER CheckMode
    Only plan.

    .PARAMETER MeasureClock
    Measure the clocks, too.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [pscredential]
        $Credential,

        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Option,

        [AllowNull()]
        [System.Collections.IDictionary]
        $Desired,

        [switch]
        $CheckMode,

        [switch]
        $MeasureClock
    )

    $opening = @{
        Credential = $Credential
        ConfigurationName = [string]$Option['configuration_name']
        Retries = $Option['retries']
        RetryDelay = $Option['retry_delay']
        LogonRetries = $Option['logon_retries']
    }
    foreach ($item in $Record) {
        $item.Guest = $null
        $item.Clock = $null
        $item.Plan = @()
        $item.Unknown = $false
    }
    for ($index = 0; $index -lt $Record.Count; $index += $Option['throttle']) {
        $batch = $Record.GetRange($index, [math]::Min($Option['throttle'], $Record.Count - $index))
        Open-GuestSession -Record $batch @opening
        try {
            Invoke-GuestServiceScript -Record $batch -Wanted @{} -Option $Option
            if ($MeasureClock) {
                Measure-GuestClock -Record $batch -Option $Option
            }
            if ($null -ne $Desired) {
                Set-GuestServicePlan -Record $batch -Desired $Desired
                if (-not $CheckMode) {
                    Invoke-GuestServicePlan -Record $batch -Desired $Desired -Option $Option
                }
            }
        } finally {
            Close-GuestSession -Record $batch
        }
    }
}

Function Get-GuestServiceDiff {
    <#
    .SYNOPSIS
    The settings that differ, virtual machine by virtual machine, as YAML: before or after.

    .PARAMETER Record
    Records with a Plan.

    .PARAMETER Planned
    Show what is planned, not what was done.

    .PARAMETER Value
    Before or After.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [switch]
        $Planned,

        [Parameter(Mandatory = $true)]
        [string]
        $Value
    )

    $lines = New-Object -TypeName 'System.Collections.Generic.List[string]'
    foreach ($item in $Record) {
        $steps = @($item.Plan | Where-Object { $Planned -or $_.Done })
        if ($steps.Count -eq 0) {
            continue
        }
        $lines.Add((Get-VMDiffHeading -Record $item))
        $lines.Add('  services:')
        $key = ''
        foreach ($step in $steps) {
            if ($step.Key -ne $key) {
                $key = $step.Key
                $lines.Add("    ${key}:")
            }
            $lines.Add("      $($step.Option): $($step[$Value])")
        }
    }
    return Join-DiffLine -Line $lines
}

Export-ModuleMember -Function ConvertTo-GuestServiceMap, Get-GuestServiceDiff, Invoke-GuestServiceOnRecord
