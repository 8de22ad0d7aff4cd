# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._HyperVError
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMSelection

# Guests are shut down through Msvm_ShutdownComponent and not with Stop-VM. That cmdlet asks whether to turn off a virtual
# machine whose guest does not answer, and -Force as well as -AsJob say yes; without them it waits for one guest after
# the other. InitiateShutdown only asks the guest, returns at once, and never turns anything off.

# https://learn.microsoft.com/windows/win32/hyperv_v2/msvm-shutdowncomponent-initiateshutdown
$script:returnTexts = @{
    32768 = 'the guest refused'
    32769 = 'access denied'
    32770 = 'the guest does not support it'
    32772 = 'the guest did not answer in time'
    32775 = 'its state does not allow this'
    32780 = 'the guest is not ready'
    32781 = 'somebody is logged on and the screen is locked: set close_applications to true to shut down all the same, unsaved data is then lost'
}
$script:shutdownInProgress = 32782

Function Get-ShutdownProblem {
    <#
    .SYNOPSIS
    Why the guest of a virtual machine cannot be asked to shut down, or an empty text.

    .PARAMETER Record
    A record after Read-IntegrationService.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record
    )

    if ($Record.State -ne 'running') {
        return "it is $($Record.State), and only a running guest can shut down"
    }
    $service = $Record.Services['shutdown']
    if ($null -eq $service) {
        return 'the host reports no shutdown service for it'
    }
    if (-not $service.Enabled) {
        return 'its shutdown service is disabled on the host; enable it with hyperv.integration.hyperv_ics'
    }
    # Degraded runs with an older but compatible protocol.
    if ($service.Status -ne 'ok' -and $service.Status -ne 'degraded') {
        return "its shutdown service does not work, its status is $($service.Status); the guest may still be booting, or lack the service vmicshutdown"
    }
    return ''
}

Function Set-PowerPlan {
    <#
    .SYNOPSIS
    Decides for each record what has to be done: none, start, shutdown or turn_off; what cannot be done is its Error.

    .PARAMETER Record
    Records after Read-IntegrationService.

    .PARAMETER State
    off or restarted.

    .PARAMETER Force
    Turn off what cannot be shut down.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [ValidateSet('off', 'restarted')]
        [string]
        $State,

        [Parameter(Mandatory = $true)]
        [bool]
        $Force
    )

    foreach ($item in $Record) {
        $power = @{ Previous = $item.State; Action = 'none'; Start = $State -eq 'restarted'; Done = $false; Elapsed = 0; Waiting = $false; Method = 'none' }
        $item.Power = $power
        if ($null -ne $item.Error) {
            continue
        }
        if ($item.State -eq 'off' -or $item.State -eq 'off_critical') {
            $power.Action = if ($power.Start) { 'start' } else { 'none' }
            continue
        }
        if ($item.State -eq 'stopping') {
            $power.Action = 'wait'
            continue
        }
        $problem = Get-ShutdownProblem -Record $item
        if ($problem -eq '') {
            $power.Action = 'shutdown'
        } elseif ($Force -and $item.State -notmatch '^(starting|saving|pausing|resuming|fast_saving)') {
            $power.Action = 'turn_off'
        } elseif ($Force) {
            $item.Error = "$problem, and its state is about to change; try again when it has"
        } else {
            $item.Error = "$problem. It was left as it is; force: true would turn it off, which is like pulling the plug"
        }
    }
}

Function Start-GuestShutdown {
    <#
    .SYNOPSIS
    Asks the guests of records to shut down, with one query and one call for each guest.

    .PARAMETER Record
    The records.

    .PARAMETER CloseApplication
    Close applications even if they have unsaved data.

    .PARAMETER Force
    A guest that cannot be asked is turned off later: that is no error.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [bool]
        $CloseApplication,

        [Parameter(Mandatory = $true)]
        [bool]
        $Force
    )

    if ($Record.Count -eq 0) {
        return
    }
    $components = @{}
    $problem = 'the host has no shutdown component for it any more'
    try {
        foreach ($component in Get-CimInstance -Namespace 'root/virtualization/v2' -ClassName 'Msvm_ShutdownComponent' -ErrorAction Stop) {
            $components[([string]$component.SystemName).ToLowerInvariant()] = $component
        }
    } catch {
        $problem = Get-VMErrorText -ErrorRecord $_
    }
    $arguments = @{ Force = $CloseApplication; Reason = 'Ansible: hyperv.integration.hyperv_guest_shutdown' }
    foreach ($item in $Record) {
        $component = $components[$item.Id]
        $text = $problem
        if ($null -ne $component) {
            try {
                $reply = Invoke-CimMethod -InputObject $component -MethodName 'InitiateShutdown' -Arguments $arguments -ErrorAction Stop
                $code = [int]$reply.ReturnValue
                $text = if ($script:returnTexts.ContainsKey($code)) { $script:returnTexts[$code] } else { "the host answered with the code $code" }
                if ($code -eq 0 -or $code -eq 4096 -or $code -eq $script:shutdownInProgress) {
                    $item.Power.Waiting = $true
                    $item.Power.Method = 'shutdown'
                    continue
                }
            } catch {
                $text = Get-VMErrorText -ErrorRecord $_
            }
        }
        if ($Force) {
            $item.Power.Action = 'turn_off'
        } else {
            $item.Error = "the shutdown was not begun: $text"
        }
    }
}

Function Invoke-PowerChange {
    <#
    .SYNOPSIS
    Starts or turns off the virtual machines of records with one call; what fails is the Error of its record.

    .PARAMETER Record
    The records.

    .PARAMETER TurnOff
    Turn off instead of start.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [switch]
        $TurnOff
    )

    if ($Record.Count -eq 0) {
        return
    }
    $byId = @{}
    foreach ($item in $Record) {
        $byId[$item.Id] = $item
    }
    $vms = @($Record | ForEach-Object { $_.VM })
    $problems = @()
    try {
        # Not Stop: an error about one virtual machine must not keep the others from being changed.
        if ($TurnOff) {
            $null = Hyper-V\Stop-VM -VM $vms -TurnOff -Force -WarningAction SilentlyContinue -ErrorAction SilentlyContinue -ErrorVariable problems
        } else {
            $null = Hyper-V\Start-VM -VM $vms -WarningAction SilentlyContinue -ErrorAction SilentlyContinue -ErrorVariable problems
        }
    } catch {
        $problems = @($_)
    }
    $anonymous = New-Object -TypeName 'System.Collections.Generic.List[string]'
    foreach ($problem in @($problems | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] })) {
        $id = Get-ErrorVMId -ErrorRecord $problem -Known $byId
        $text = Get-VMErrorText -ErrorRecord $problem
        if ($id -ne '') {
            $byId[$id].Power.Problem = $text
        } elseif (-not $anonymous.Contains($text)) {
            $anonymous.Add($text)
        }
    }
    try {
        Update-VMRecord -Record $Record
    } catch {
        $anonymous.Add((Get-VMErrorText -ErrorRecord $_))
    }
    foreach ($item in $Record) {
        $reached = if ($TurnOff) { $item.State -eq 'off' -or $item.State -eq 'off_critical' } else { $item.State -eq 'running' -or $item.State -eq 'starting' }
        if ($reached -or $null -ne $item.Error) {
            continue
        }
        $verb = if ($TurnOff) { 'turned off' } else { 'started' }
        $reason = if ($item.Power.ContainsKey('Problem')) { $item.Power.Problem } else { $anonymous -join ' ' }
        $item.Error = "it was not $verb, it is $($item.State): $reason"
    }
}

Function Wait-GuestShutdown {
    <#
    .SYNOPSIS
    Waits until the guests that were asked have shut down; looks at all of them with one call each time.

    .DESCRIPTION
    Those that are off and are to be started are started at once, with the next look. A guest that takes longer than
    the timeout is turned off with Force, and else keeps running: that is its Error.

    .PARAMETER Record
    Records with a Power that is Waiting.

    .PARAMETER Timeout
    Seconds.

    .PARAMETER Interval
    Seconds between two looks.

    .PARAMETER Force
    Turn off what does not shut down in time.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [int]
        $Timeout,

        [Parameter(Mandatory = $true)]
        [int]
        $Interval,

        [Parameter(Mandatory = $true)]
        [bool]
        $Force
    )

    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    $open = $Record.GetRange(0, $Record.Count)
    while ($open.Count -gt 0) {
        $trouble = ''
        try {
            Update-VMRecord -Record $open
        } catch {
            $trouble = " $(Get-VMErrorText -ErrorRecord $_)"
        }
        $elapsed = $watch.Elapsed.TotalSeconds
        $off = New-Object -TypeName 'System.Collections.Generic.List[object]'
        $late = New-Object -TypeName 'System.Collections.Generic.List[object]'
        foreach ($item in $open.ToArray()) {
            $isOff = $item.State -eq 'off' -or $item.State -eq 'off_critical'
            if ($isOff -and $null -eq $item.Error) {
                $off.Add($item)
            } elseif ($null -eq $item.Error -and $elapsed -ge $Timeout) {
                $late.Add($item)
            }
            if ($isOff -or $null -ne $item.Error -or $elapsed -ge $Timeout) {
                $item.Power.Elapsed = [math]::Round($elapsed, 1)
                [void]$open.Remove($item)
            }
        }
        if ($Force) {
            Stop-LateGuest -Record $late
            $off.AddRange($late)
        } else {
            foreach ($item in $late) {
                $item.Error = "its guest did not shut down within $Timeout seconds and may still do so; it is $($item.State). It was not turned off." + $trouble
            }
        }
        Start-AfterShutdown -Record $off
        if ($open.Count -gt 0) {
            Start-Sleep -Milliseconds ([int][math]::Ceiling([math]::Max([math]::Min($Interval, $Timeout - $elapsed), 0.1) * 1000))
        }
    }
}

Function Stop-LateGuest {
    <#
    .SYNOPSIS
    Turns off records and notes that it was done this way.

    .PARAMETER Record
    The records.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record
    )

    Invoke-PowerChange -Record $Record -TurnOff
    foreach ($item in $Record) {
        if ($null -eq $item.Error) {
            $item.Power.Method = 'turn_off'
        }
    }
}

Function Start-AfterShutdown {
    <#
    .SYNOPSIS
    Starts the records that are off and are to be started; the others are done.

    .PARAMETER Record
    Records that are off, or have an Error.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record
    )

    $toStart = New-Object -TypeName 'System.Collections.Generic.List[object]'
    foreach ($item in $Record) {
        if ($null -eq $item.Error -and $item.Power.Start) {
            $toStart.Add($item)
        }
    }
    Invoke-PowerChange -Record $toStart
    foreach ($item in $Record) {
        $item.Power.Done = $null -eq $item.Error
        # Somebody else had it shut down.
        if ($item.Power.Done -and $item.Power.Start -and $item.Power.Method -eq 'none') {
            $item.Power.Method = 'start'
        }
    }
}

Function Invoke-PowerPlan {
    <#
    .SYNOPSIS
    Carries out what Set-PowerPlan has decided; sets Done, Method and Elapsed of each Power, and Error of what failed.

    .PARAMETER Record
    Records with a Power.

    .PARAMETER CloseApplication
    Close applications even if they have unsaved data.

    .PARAMETER Timeout
    Seconds that a guest may take to shut down.

    .PARAMETER Interval
    Seconds between two looks.

    .PARAMETER Force
    Turn off what cannot be shut down or does not in time.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [bool]
        $CloseApplication,

        [Parameter(Mandatory = $true)]
        [int]
        $Timeout,

        [Parameter(Mandatory = $true)]
        [int]
        $Interval,

        [Parameter(Mandatory = $true)]
        [bool]
        $Force
    )

    $lists = @{}
    foreach ($action in 'shutdown', 'turn_off', 'start', 'wait') {
        $lists[$action] = New-Object -TypeName 'System.Collections.Generic.List[object]'
    }
    foreach ($item in $Record) {
        if ($null -eq $item.Error -and $lists.ContainsKey($item.Power.Action)) {
            $lists[$item.Power.Action].Add($item)
        }
    }
    Start-GuestShutdown -Record $lists.shutdown -CloseApplication $CloseApplication -Force $Force
    foreach ($item in $lists.shutdown) {
        # It could not be asked after all.
        if ($item.Power.Action -eq 'turn_off') {
            $lists.turn_off.Add($item)
        } elseif ($item.Power.Waiting) {
            $lists.wait.Add($item)
        }
    }
    Stop-LateGuest -Record $lists.turn_off
    Start-AfterShutdown -Record $lists.turn_off
    Invoke-PowerChange -Record $lists.start
    foreach ($item in $lists.start) {
        $item.Power.Done = $null -eq $item.Error
        $item.Power.Method = if ($item.Power.Done) { 'start' } else { 'none' }
    }
    Wait-GuestShutdown -Record $lists.wait -Timeout $Timeout -Interval $Interval -Force $Force
}

Export-ModuleMember -Function Invoke-PowerPlan, Set-PowerPlan
