# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestError
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestSession

# Logons that only find out whether a guest is ready.

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

Function Invoke-GuestProbe {
    <#
    .SYNOPSIS
    Tries to log on to guests through PowerShell Direct, a few at a time, without waiting for one that hangs.

    .DESCRIPTION
    Sets the Answer of the Wait of each record. An attempt that has not returned in time is left alone and looked at
    again with the next call.

    .PARAMETER Record
    The records to try.

    .PARAMETER Option
    Credential and, where wanted, ConfigurationName.

    .PARAMETER ThrottleLimit
    How many attempts run at the same time.

    .PARAMETER Seconds
    How long to wait for all of them together.
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
        $item.Wait.Answer = @{ Met = $false; Actual = 'no answer yet' }
        if ($null -ne $item.Probe) {
            $running.Add($item)
        } else {
            $waiting.Enqueue($item)
        }
    }
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    while ($true) {
        while ($waiting.Count -gt 0 -and $running.Count -lt $ThrottleLimit) {
            $item = $waiting.Dequeue()
            try {
                $item.Probe = Invoke-Command -VMId ([guid]$item.Id) -ScriptBlock { $true } -AsJob -ErrorAction Stop @Option
                $running.Add($item)
            } catch {
                Set-ProbeFailure -Record $item -ErrorRecord $_
            }
        }
        $left = [int][math]::Ceiling($Seconds - $watch.Elapsed.TotalSeconds)
        if ($running.Count -eq 0 -or $left -le 0) {
            return
        }
        $jobs = @($running | ForEach-Object { $_.Probe })
        [void](Wait-Job -Job $jobs -Any -Timeout $left)
        foreach ($item in $running.ToArray()) {
            if (Receive-GuestProbe -Record $item) {
                [void]$running.Remove($item)
            }
        }
    }
}

Export-ModuleMember -Function Invoke-GuestProbe
