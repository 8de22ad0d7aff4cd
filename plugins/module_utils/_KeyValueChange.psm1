# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._KeyValuePair
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._KeyValuePlan

# Changes key-value pairs by the methods of the WMI of Hyper-V, which answer with jobs, and reads back what has come of
# it. What is to be changed is decided in _KeyValuePlan.psm1.

$script:itemsPerCall = 128
$script:callsAtATime = 16

# Return values of the methods of Msvm_VirtualSystemManagementService and error codes of its jobs.
$script:returnTexts = @{
    32768 = 'the host reported a failure'
    32769 = 'the host denied access. Add the connecting account to the local group Hyper-V Administrators (S-1-5-32-578)'
    32770 = 'the host does not support this'
    32771 = 'the host does not know the status of it'
    32772 = 'the host ran into a timeout'
    32773 = 'the host refused it as invalid'
    32774 = 'the virtual machine is in use by another operation'
    32775 = 'the state of the virtual machine does not allow it'
    32776 = 'the host refused the data type'
    32777 = 'the host reported it as not available'
    32778 = 'the host is out of memory'
    32779 = 'the host does not find it (any more)'
}
# In use and invalid state: a concurrent change, which passes.
$script:conflictCodes = @(32774, 32775)
# Nothing can be gained by sending the items one by one.
$script:hopelessCodes = @(32769, 32770, 32778)

Function Split-KeyValueCall {
    <#
    .SYNOPSIS
    The calls that bring about the steps of one virtual machine, each with at most as many items as a call may have.

    .DESCRIPTION
    Removals come first: a key may be replaced by one that differs only in case.

    .PARAMETER Step
    The steps: Method, Key and Value.

    .PARAMETER Source
    0 for pairs that go to the guest, 4 for those that stay on the host.

    .PARAMETER Size
    The number of items in a call.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [object[]]
        $Step,

        [Parameter(Mandatory = $true)]
        [int]
        $Source,

        [Parameter(Mandatory = $true)]
        [int]
        $Size
    )

    foreach ($method in 'RemoveKvpItems', 'AddKvpItems', 'ModifyKvpItems') {
        $pairs = @(
            foreach ($item in $Step) {
                if ($item.Method -eq $method) {
                    , @($item.Key, $item.Value)
                }
            }
        )
        for ($start = 0; $start -lt $pairs.Length; $start += $Size) {
            $end = [math]::Min($start + $Size, $pairs.Length) - 1
            $part = @($pairs[$start..$end])
            @{
                Method = $method
                Keys = @($part | ForEach-Object { $_[0] })
                Texts = [string[]]@(ConvertTo-KeyValueText -Pair $part -Source $Source)
            }
        }
    }
}

Function Start-KeyValueCall {
    <#
    .SYNOPSIS
    Makes the next call for one virtual machine; sets Job of the work if it goes on in the background.

    .PARAMETER Work
    The work of one virtual machine, from Invoke-KeyValueCall.

    .PARAMETER Service
    The instance of Msvm_VirtualSystemManagementService.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Work,

        [Parameter(Mandatory = $true)]
        [object]
        $Service
    )

    $call = $Work.Calls.Dequeue()
    $Work.Current = $call
    try {
        $answer = Invoke-CimMethod -InputObject $Service -MethodName $call.Method -Arguments @{
            TargetSystem = $Work.System
            DataItems = $call.Texts
        } -ErrorAction Stop
    } catch {
        $code = if (Test-CimNotFound -ErrorRecord $_) { 32779 } else { 32768 }
        Add-KeyValueFailure -Work $Work -Code $code -Detail $_.Exception.Message
        return
    }
    $code = [int]$answer.ReturnValue
    # 4 is the state "running" of the job, which some hosts return instead.
    if ($code -eq 4096 -or $code -eq 4) {
        $Work.Job = $answer.Job
    } elseif ($code -ne 0) {
        Add-KeyValueFailure -Work $Work -Code $code
    }
}

Function Add-KeyValueFailure {
    <#
    .SYNOPSIS
    Notes for the keys of the current call why it failed; gives up the other calls where they would fail as well.

    .PARAMETER Work
    The work of one virtual machine.

    .PARAMETER Code
    The return value of the method or the error code of the job.

    .PARAMETER Detail
    What the host said, for people to read.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Work,

        [Parameter(Mandatory = $true)]
        [int]
        $Code,

        [string]
        $Detail = ''
    )

    $text = if ($script:returnTexts.ContainsKey($Code)) { $script:returnTexts[$Code] } else { 'the host reported a failure' }
    $text = "$text ($($Work.Current.Method), code $Code)"
    if ($Detail.Trim().Length -gt 0 -and -not $Work.Quiet) {
        $text = "${text}: $($Detail.Trim())"
    }
    foreach ($key in $Work.Current.Keys) {
        $Work.Reasons[$key] = $text
    }
    if ($script:conflictCodes -contains $Code) {
        $Work.Conflict = $true
        $Work.Calls.Clear()
    } elseif ($script:hopelessCodes -contains $Code) {
        $Work.Hopeless = $true
        $Work.Reason = $text
        $Work.Calls.Clear()
    }
}

Function Receive-KeyValueJob {
    <#
    .SYNOPSIS
    Asks once how the job of a virtual machine is; clears Job of the work when it has ended, in whatever way.

    .DESCRIPTION
    Jobs that have ended disappear after a while. What a job that is gone has done is found out by reading back.

    .PARAMETER Work
    The work of one virtual machine.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Work
    )

    try {
        $job = Get-CimInstance -InputObject $Work.Job -ErrorAction Stop
    } catch {
        $Work.Job = $null
        if (-not (Test-CimNotFound -ErrorRecord $_)) {
            Add-KeyValueFailure -Work $Work -Code 32771 -Detail $_.Exception.Message
        }
        return
    }
    if ($null -eq $job) {
        $Work.Job = $null
        return
    }
    # 7 completed, 8 terminated, 9 killed, 10 exception, 32768 completed with warnings; all others are under way.
    $state = [int]$job.JobState
    if (@(7, 8, 9, 10, 32768) -notcontains $state) {
        return
    }
    $Work.Job = $null
    $code = [int]$job.ErrorCode
    if (@(7, 32768) -notcontains $state -or $code -ne 0) {
        if ($code -eq 0) {
            $code = 32768
        }
        Add-KeyValueFailure -Work $Work -Code $code -Detail ([string]$job.ErrorDescription)
    }
}

Function Wait-KeyValueWork {
    <#
    .SYNOPSIS
    Makes the calls of many virtual machines, one at a time for each, and waits until all have ended or time is over.

    .PARAMETER Work
    The work of each virtual machine.

    .PARAMETER Service
    The instance of Msvm_VirtualSystemManagementService.

    .PARAMETER Timeout
    Seconds that the jobs of one virtual machine may take.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [object[]]
        $Work,

        [Parameter(Mandatory = $true)]
        [object]
        $Service,

        [Parameter(Mandatory = $true)]
        [int]
        $Timeout
    )

    $waiting = New-Object -TypeName 'System.Collections.Generic.Queue[object]' -ArgumentList (, $Work)
    $running = New-Object -TypeName 'System.Collections.Generic.List[object]'
    $delay = 100
    while ($waiting.Count -gt 0 -or $running.Count -gt 0) {
        while ($waiting.Count -gt 0 -and $running.Count -lt $script:callsAtATime) {
            $item = $waiting.Dequeue()
            $item.Deadline = [datetime]::UtcNow.AddSeconds($Timeout)
            $running.Add($item)
        }
        $moved = $false
        foreach ($item in $running.ToArray()) {
            if ($null -ne $item.Job) {
                Receive-KeyValueJob -Work $item
            }
            while ($null -eq $item.Job -and $item.Calls.Count -gt 0) {
                Start-KeyValueCall -Work $item -Service $Service
                $moved = $true
            }
            if ($null -ne $item.Job -and [datetime]::UtcNow -ge $item.Deadline) {
                $item.Hopeless = $true
                $item.Reason = "a job of the host ($($item.Current.Method)) has not ended within $Timeout seconds. It may still end; raise timeout"
                $item.Job = $null
                $item.Calls.Clear()
            }
            if ($null -eq $item.Job -and $item.Calls.Count -eq 0) {
                [void]$running.Remove($item)
                $moved = $true
            }
        }
        if ($running.Count -gt 0) {
            $delay = if ($moved) { 100 } else { [math]::Min($delay * 2, 2000) }
            Start-Sleep -Milliseconds $delay
        }
    }
}

Function New-KeyValueWork {
    <#
    .SYNOPSIS
    The work of one virtual machine: the calls that bring about what is still open of its plan.

    .PARAMETER Record
    A record with a Plan and the Table that it starts from.

    .PARAMETER System
    The reference to the virtual machine.

    .PARAMETER Option
    From Get-KeyValueOption.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record,

        [Parameter(Mandatory = $true)]
        [object]
        $System,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Option
    )

    # After a failure one item at a time, so that the others are done and each failure has its reason.
    $size = if ($Record.Attempts -gt 0 -and -not $Record.Conflict) { 1 } else { $script:itemsPerCall }
    $steps = @(Get-KeyValueStep -Plan $Record.Plan -Table $Record.Table)
    $calls = New-Object -TypeName 'System.Collections.Generic.Queue[object]'
    foreach ($call in @(Split-KeyValueCall -Step $steps -Source $Option.Source -Size $size)) {
        $calls.Enqueue($call)
    }
    return @{
        Record = $Record
        System = $System
        # A message of the host might quote a value.
        Quiet = $Option.NoLog
        Calls = $calls
        Current = $null
        Job = $null
        Deadline = [datetime]::MaxValue
        # Not @{}: in Windows PowerShell its comparison depends on the culture.
        Reasons = New-Object -TypeName 'System.Collections.Generic.Dictionary[string, string]' -ArgumentList ([StringComparer]::Ordinal)
        Reason = ''
        Conflict = $false
        Hopeless = $false
    }
}

Function Set-KeyValueOutcome {
    <#
    .SYNOPSIS
    Decides by what was read back which changes are done; returns whether another attempt may help.

    .PARAMETER Work
    The work of one virtual machine, after its calls and after reading back.

    .PARAMETER Option
    From Get-KeyValueOption.

    .PARAMETER MayRetry
    Whether there is time for another attempt after a conflict.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Work,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Option,

        [Parameter(Mandatory = $true)]
        [bool]
        $MayRetry
    )

    $record = $Work.Record
    $record.Failures.Clear()
    if ($null -eq $record.Error) {
        $record.Table = ConvertTo-KeyValueTable -Pair (ConvertFrom-KeyValueText -Text $record.Kvp[$Option.Property])
    }
    foreach ($change in $record.Plan) {
        $change.Done = $null -eq $record.Error
        $change.Reason = [string]$record.Error
    }
    if ($null -eq $record.Error) {
        foreach ($step in @(Get-KeyValueStep -Plan $record.Plan -Table $record.Table)) {
            $step.Change.Done = $false
            if ($step.Change.Reason.Length -eq 0 -and $Work.Reasons.ContainsKey($step.Key)) {
                $step.Change.Reason = $Work.Reasons[$step.Key]
            }
        }
    }
    foreach ($change in $record.Plan) {
        if ($change.Done) {
            continue
        }
        $reason = $change.Reason
        if ($reason.Length -eq 0) {
            $reason = if ($Work.Reason.Length -gt 0) { $Work.Reason } else { 'the host did not change it and gave no reason' }
        }
        $record.Failures.Add(@{ Key = $change.Key; Kind = $change.Kind; Text = $reason })
    }
    if ($null -ne $record.Error -or $record.Failures.Count -eq 0) {
        return $false
    }
    $record.Conflict = $Work.Conflict
    $record.Attempts++
    if ($Work.Hopeless -or ($Work.Reasons.Count -eq 0 -and -not $Work.Conflict)) {
        return $false
    }
    return $MayRetry -and ($Work.Conflict -or $record.Attempts -lt 2)
}

Function Invoke-KeyValueAttempt {
    <#
    .SYNOPSIS
    Makes all calls for what is open and reads back; returns the records for which another attempt may help.

    .PARAMETER Record
    Records with a Plan.

    .PARAMETER Management
    From Get-KeyValueManagement.

    .PARAMETER Option
    From Get-KeyValueOption.

    .PARAMETER MayRetry
    Whether there is time for another attempt after a conflict.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Generic.List[object]])]
    param (
        [Parameter(Mandatory = $true)]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Management,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Option,

        [Parameter(Mandatory = $true)]
        [bool]
        $MayRetry
    )

    $works = New-Object -TypeName 'System.Collections.Generic.List[object]'
    $touched = New-Object -TypeName 'System.Collections.Generic.List[object]'
    foreach ($item in $Record) {
        $system = $Management.Systems[$item.Id]
        if ($null -eq $system) {
            $item.Error = 'not found any more, it was deleted or moved to another host meanwhile'
            foreach ($change in $item.Plan) {
                $change.Done = $false
            }
            continue
        }
        $works.Add((New-KeyValueWork -Record $item -System $system -Option $Option))
        $touched.Add($item)
    }
    $again = New-Object -TypeName 'System.Collections.Generic.List[object]'
    if ($works.Count -eq 0) {
        return , $again
    }
    Wait-KeyValueWork -Work $works.ToArray() -Service $Management.Service -Timeout $Option.Timeout
    try {
        Read-KeyValueSetting -Record $touched
    } catch {
        # Nothing that was not seen is reported as done.
        foreach ($item in $touched) {
            $item.Error = "what has become of the change could not be read: $($_.Exception.Message)"
        }
    }
    foreach ($work in $works) {
        if (Set-KeyValueOutcome -Work $work -Option $Option -MayRetry $MayRetry) {
            $again.Add($work.Record)
        }
    }
    return , $again
}

Function Invoke-KeyValuePlan {
    <#
    .SYNOPSIS
    Carries out the plans of many virtual machines. Sets Done of each change, and Failures and Error of the records.

    .DESCRIPTION
    Calls have many items. What was done is decided by reading back, because it is not known whether a call that fails
    has changed some of its items. Conflicts with other changes are tried again until the time is over, other failures
    once more, item by item.

    .PARAMETER Record
    Records with a Plan.

    .PARAMETER Management
    From Get-KeyValueManagement.

    .PARAMETER Option
    From Get-KeyValueOption.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Management,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Option
    )

    $deadline = [datetime]::UtcNow.AddSeconds($Option.Timeout)
    $delay = 500
    $open = $Record
    foreach ($item in $open) {
        $item.Attempts = 0
        $item.Conflict = $false
    }
    while ($open.Count -gt 0) {
        $open = Invoke-KeyValueAttempt -Record $open -Management $Management -Option $Option -MayRetry ([datetime]::UtcNow -lt $deadline)
        if (@($open | Where-Object { $_.Conflict }).Length -gt 0) {
            Start-Sleep -Milliseconds $delay
            $delay = [math]::Min($delay * 2, 8000)
        }
    }
    foreach ($item in $Record) {
        if ($item.Failures.Count -gt 0 -and $null -eq $item.Error) {
            $texts = @($item.Failures | Select-Object -First 5 | ForEach-Object { "$($_.Key) (not $($_.Kind)): $($_.Text)" })
            $item.Error = $texts -join ', '
            if ($item.Failures.Count -gt $texts.Length) {
                $item.Error += " and $($item.Failures.Count - $texts.Length) more"
            }
        }
    }
}

Export-ModuleMember -Function Invoke-KeyValuePlan
