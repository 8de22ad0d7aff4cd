# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestError
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestSession

# Logons that only find out whether a guest is ready.

# A guest that listens answers within that, one that does not has failed by then (VMConnectionInfo.OpenTimeout).
$script:probeSeconds = 20

Function Receive-GuestProbe {
    <#
    .SYNOPSIS
    Takes over whether a guest let the account log on; returns false while there is no answer.

    .PARAMETER Record
    A record with a Probe.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record
    )

    $job = $Record.Probe
    if (-not (Test-GuestJobEnded -Job $job)) {
        return $false
    }
    $failures = @()
    $output = @(Receive-Job -Job $job -ErrorAction SilentlyContinue -ErrorVariable failures)
    Remove-Job -Job $job -Force -ErrorAction SilentlyContinue
    $Record.Probe = $null
    $problem = @($failures | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }) | Select-Object -First 1
    if ($null -ne $problem) {
        Set-ProbeFailure -Record $Record -ErrorRecord $problem
    } elseif ($output.Count -gt 0) {
        $Record.Wait.Answer = @{ Met = $true; Actual = 'ready' }
    } else {
        $Record.Wait.Answer = @{ Met = $false; Actual = 'the session ended without an answer' }
    }
    return $true
}

Function Set-ProbeFailure {
    <#
    .SYNOPSIS
    Writes why a guest did not let the account log on into the Wait of a record.

    .PARAMETER Record
    The record.

    .PARAMETER ErrorRecord
    The error of the attempt.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record,

        [Parameter(Mandatory = $true)]
        [System.Management.Automation.ErrorRecord]
        $ErrorRecord
    )

    $kind = Get-GuestErrorKind -ErrorRecord $ErrorRecord
    if ($kind -eq 'language') {
        # The guest let the account in; only its session configuration takes no scripts.
        $Record.Wait.Answer = @{ Met = $true; Actual = 'ready' }
        return
    }
    $Record.Wait.Trouble = Get-GuestErrorText -ErrorRecord $ErrorRecord
    if ($kind -eq 'credential') {
        $Record.Wait.Refused++
    }
    $actual = @{ credential = 'logon refused'; transport = 'no answer'; state = 'not running'; vm = 'not found'; module = 'no Hyper-V module' }
    $text = if ($actual.ContainsKey($kind)) { $actual[$kind] } else { 'failed' }
    $Record.Wait.Answer = @{ Met = $false; Actual = $text }
}

Function Start-GuestProbe {
    <#
    .SYNOPSIS
    Begins to log on to a guest; returns whether there is an answer to wait for.

    .PARAMETER Record
    The record; gets a Probe, and the ProbeWatch of its time.

    .PARAMETER Option
    Credential and, where wanted, ConfigurationName.
    #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'changes nothing')]
    [CmdletBinding()]
    [OutputType([bool])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Option
    )

    try {
        $Record.Probe = Invoke-Command -VMId ([guid]$Record.Id) -ScriptBlock { $true } -AsJob -ErrorAction Stop @Option
        $Record.ProbeWatch = [System.Diagnostics.Stopwatch]::StartNew()
        $Record.Wait.Answer = @{ Met = $false; Actual = 'no answer yet' }
        return $true
    } catch {
        Set-ProbeFailure -Record $Record -ErrorRecord $_
        return $false
    }
}

Function Invoke-GuestProbe {
    <#
    .SYNOPSIS
    Tries to log on to guests through PowerShell Direct, a few at a time, without waiting for one that hangs.

    .DESCRIPTION
    Sets the Answer of the Wait of each record. An attempt that has not returned in time is left alone and looked at
    again with the next call. It does not count as one of those that run, so guests that hang keep no other one from its turn.

    .PARAMETER Record
    The records to try.

    .PARAMETER Option
    Credential and, where wanted, ConfigurationName.

    .PARAMETER ThrottleLimit
    How many attempts run at the same time.

    .PARAMETER Seconds
    How long to wait for all of them together. Without end, it ends when each has had its time.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Option,

        [Parameter(Mandatory = $true)]
        [int]
        $ThrottleLimit,

        [Parameter(Mandatory = $true)]
        [double]
        $Seconds
    )

    $waiting = New-Object -TypeName 'System.Collections.Generic.Queue[object]'
    $running = New-Object -TypeName 'System.Collections.Generic.List[object]'
    foreach ($item in $Record) {
        if ($null -eq $item.Probe) {
            $item.Wait.Answer = @{ Met = $null; Actual = 'not tried' }
            $waiting.Enqueue($item)
        } else {
            $item.Wait.Answer = @{ Met = $false; Actual = 'no answer yet' }
            $running.Add($item)
        }
    }
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    while ($true) {
        $ages = New-Object -TypeName 'System.Collections.Generic.List[double]'
        foreach ($item in $running.ToArray()) {
            $age = $item.ProbeWatch.Elapsed.TotalSeconds
            if (Receive-GuestProbe -Record $item) {
                [void]$running.Remove($item)
            } elseif ($age -lt $script:probeSeconds) {
                $ages.Add($age)
            }
        }
        while ($waiting.Count -gt 0 -and $ages.Count -lt $ThrottleLimit) {
            $item = $waiting.Dequeue()
            if (Start-GuestProbe -Record $item -Option $Option) {
                $running.Add($item)
                $ages.Add(0)
            }
        }
        $left = $Seconds - $watch.Elapsed.TotalSeconds
        if ($ages.Count -eq 0 -or $left -le 0) {
            return
        }
        $oldest = ($ages | Measure-Object -Maximum).Maximum
        $jobs = @($running | ForEach-Object { $_.Probe })
        [void](Wait-Job -Job $jobs -Any -Timeout ([int][math]::Ceiling([math]::Min($left, $script:probeSeconds - $oldest))))
    }
}

Function Get-ProbeTime {
    <#
    .SYNOPSIS
    How many seconds a look may wait for logons.

    .PARAMETER Limit
    Seconds that the task may take. Without any, it looks once: as no guest answers at once, that ends when each has had its time.

    .PARAMETER Elapsed
    Seconds that have passed.
    #>
    [CmdletBinding()]
    [OutputType([double])]
    param (
        [Parameter(Mandatory = $true)]
        [double]
        $Limit,

        [Parameter(Mandatory = $true)]
        [double]
        $Elapsed
    )

    if ($Limit -le 0) {
        return [double]::MaxValue
    }
    return [math]::Max(1, [math]::Min($script:probeSeconds, $Limit - $Elapsed))
}

Export-ModuleMember -Function Get-ProbeTime, Invoke-GuestProbe
