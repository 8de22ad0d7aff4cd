# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestRunner
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestError

# What guests replied to a task of _GuestRunner.psm1, as results.

Function New-GuestResult {
    <#
    .SYNOPSIS
    The result for one virtual machine before anything has happened.

    .PARAMETER Record
    The record.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record
    )

    return [ordered]@{
        name = $Record.Name
        id = $Record.Id
        state = $Record.State
        changed = $false
        failed = $false
        skipped = $false
        reason = ''
        msg = ''
        rc = $null
        output = New-Object -TypeName 'System.Collections.Generic.List[object]'
        stdout = ''
        stdout_lines = New-Object -TypeName 'System.Collections.Generic.List[string]'
        stderr = ''
        stderr_lines = New-Object -TypeName 'System.Collections.Generic.List[string]'
        error = New-Object -TypeName 'System.Collections.Generic.List[object]'
        warning = New-Object -TypeName 'System.Collections.Generic.List[string]'
        verbose = New-Object -TypeName 'System.Collections.Generic.List[string]'
        debug = New-Object -TypeName 'System.Collections.Generic.List[string]'
        information = New-Object -TypeName 'System.Collections.Generic.List[string]'
        result = $null
        start = $null
        end = $null
        delta = $null
        left_running = $null
    }
}

Function Set-GuestFailure {
    <#
    .SYNOPSIS
    Writes a failure into a result.

    .PARAMETER Result
    The result.

    .PARAMETER Reason
    One word for programs.

    .PARAMETER Text
    A sentence for people.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [System.Collections.Specialized.OrderedDictionary]
        $Result,

        [Parameter(Mandatory = $true)]
        [string]
        $Reason,

        [Parameter(Mandatory = $true)]
        [string]
        $Text
    )

    $Result.failed = $true
    $Result.reason = $Reason
    $Result.msg = $Text
}

Function Hide-Secret {
    <#
    .SYNOPSIS
    A copy of plain data in which no secret occurs. Ansible only masks the options of a task and its message.

    .DESCRIPTION
    The copy has no PSComputerName and the like either, which PowerShell adds to what comes from a session.

    .PARAMETER Value
    Plain data from a guest.

    .PARAMETER Secret
    The secrets.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [object]
        $Value,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [string[]]
        $Secret
    )

    if ($Value -is [string]) {
        $text = [string]$Value.PSObject.BaseObject
        foreach ($word in $Secret) {
            $text = $text.Replace($word, '********')
        }
        return $text
    }
    if ($Value -is [System.Collections.IDictionary]) {
        $table = New-Object -TypeName System.Collections.Hashtable
        # Not $Value.Keys, which is the entry of that name where there is one.
        foreach ($entry in $Value.GetEnumerator()) {
            $table[[string](Hide-Secret -Value ([string]$entry.Key) -Secret $Secret)] = Hide-Secret -Value $entry.Value -Secret $Secret
        }
        return $table
    }
    if ($Value -is [System.Collections.IList]) {
        $list = New-Object -TypeName System.Collections.ArrayList
        foreach ($item in $Value) {
            [void]$list.Add((Hide-Secret -Value $item -Secret $Secret))
        }
        return , $list
    }
    return $Value
}

Function Add-GuestOutput {
    <#
    .SYNOPSIS
    Sorts what a guest wrote into a result; returns the last entry if it is the end of the task.

    .PARAMETER Result
    The result.

    .PARAMETER Output
    The entries of Invoke-GuestTask.

    .PARAMETER Secret
    What must not be in the result.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [System.Collections.Specialized.OrderedDictionary]
        $Result,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Output,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [string[]]
        $Secret
    )

    $end = $null
    foreach ($raw in $Output) {
        if ($raw -isnot [System.Collections.IDictionary]) {
            continue
        }
        # The words of Invoke-GuestTask itself are no secret, even where one is the same word.
        $kind = [string]$raw['Kind']
        $entry = @{}
        foreach ($part in $raw.GetEnumerator()) {
            $entry[[string]$part.Key] = Hide-Secret -Value $part.Value -Secret $Secret
        }
        if ($kind -eq 'output') {
            $Result.output.Add($entry['value'])
            if ($entry['is_text']) {
                $Result.stdout_lines.Add([string]$entry['value'])
            }
        } elseif ($kind -eq 'stderr') {
            $Result.stderr_lines.Add([string]$entry['text'])
        } elseif ($kind -eq 'error') {
            $entry.Remove('Kind')
            $Result.error.Add($entry)
        } elseif ($kind -eq 'start') {
            $Result.start = [string]$entry['time']
            $Result.left_running = [ordered]@{ process_id = [int]$entry['process_id']; user = [string]$entry['user'] }
        } elseif ($kind -eq 'end') {
            $end = $entry
        } elseif (@('debug', 'information', 'verbose', 'warning') -contains $kind) {
            $Result[$kind].Add([string]$entry['text'])
        }
    }
    $Result.stdout = $Result.stdout_lines -join "`n"
    $Result.stderr = $Result.stderr_lines -join "`n"
    return $end
}

Function Add-GuestError {
    <#
    .SYNOPSIS
    Adds the errors that came beside the output of a task to a result.

    .PARAMETER Result
    The result.

    .PARAMETER ErrorRecord
    The errors.

    .PARAMETER Secret
    What must not be in the result.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [System.Collections.Specialized.OrderedDictionary]
        $Result,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $ErrorRecord,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [string[]]
        $Secret
    )

    foreach ($item in $ErrorRecord) {
        $data = Hide-Secret -Value (ConvertTo-ErrorData -ErrorRecord $item) -Secret $Secret
        $data.Remove('Kind')
        $Result.error.Add($data)
    }
}

Function Set-GuestOutcome {
    <#
    .SYNOPSIS
    Judges the result of a task that has ended.

    .PARAMETER Result
    The result.

    .PARAMETER End
    The last entry of Invoke-GuestTask.

    .PARAMETER Task
    The task.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [System.Collections.Specialized.OrderedDictionary]
        $Result,

        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $End,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Task
    )

    $Result.left_running = $null
    $Result.changed = [bool]$End['changed']
    $Result.rc = $End['rc']
    $Result.result = $End['result']
    $Result.end = [string]$End['time']
    $Result.delta = $End['delta']
    if ([string]$End['skipped'] -ne '') {
        $Result.skipped = $true
        $Result.msg = "skipped, $($End['skipped'])"
        return
    }
    if ($Task.Predict) {
        $Result.skipped = $true
        $Result.msg = 'it would have run if not in check mode'
        return
    }
    $fatal = @($Result.error | Where-Object { $_['terminating'] })
    if ($fatal.Count -gt 0) {
        $what = if ([string]$End['stage'] -ne '') { "$($End['stage']): nothing was run, because of an error" } else { 'the script ended with an error' }
        Set-GuestFailure -Result $Result -Reason 'script' -Text "${what}: $($fatal[0]['message'])"
    } elseif ([bool]$End['failed']) {
        Set-GuestFailure -Result $Result -Reason 'script' -Text 'the script set $Ansible.Failed'
    } elseif ($Task.Command.Count -gt 0 -and $null -ne $Result.rc -and [int]$Result.rc -ne 0) {
        Set-GuestFailure -Result $Result -Reason 'exit_code' -Text "the command ended with the exit code $($Result.rc)"
    } elseif (-not [bool]$End['completed'] -and $null -ne $Result.rc -and [int]$Result.rc -ne 0) {
        Set-GuestFailure -Result $Result -Reason 'exit_code' -Text "the script ended with exit $($Result.rc)"
    }
}

Function Set-GuestReply {
    <#
    .SYNOPSIS
    Writes what a guest replied into a result.

    .PARAMETER Result
    The result.

    .PARAMETER Reply
    From Invoke-GuestScript.

    .PARAMETER Task
    The task.

    .PARAMETER Timeout
    The seconds that the guest was given.

    .PARAMETER Secret
    What must not be in the result.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [System.Collections.Specialized.OrderedDictionary]
        $Result,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Reply,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Task,

        [Parameter(Mandatory = $true)]
        [int]
        $Timeout,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [string[]]
        $Secret
    )

    $end = Add-GuestOutput -Result $Result -Output $Reply.Output -Secret $Secret
    if ($null -ne $end) {
        Add-GuestError -Result $Result -ErrorRecord $Reply.ErrorRecord -Secret $Secret
        Set-GuestOutcome -Result $Result -End $end -Task $Task
        return
    }
    # It began, and nobody knows how far it got.
    $Result.changed = $null -ne $Result.start -and -not $Task.Predict
    $process = if ($null -eq $Result.left_running) { '' } else { " (process $($Result.left_running.process_id) in the guest)" }
    if ($Reply.TimedOut -and $null -ne $Result.start) {
        Set-GuestFailure -Result $Result -Reason 'timeout' -Text ("it did not end within $Timeout seconds. What it started is left running$process; " +
            'output and errors up to then are in the result')
        return
    }
    $Result.left_running = $null
    $failure = Get-ReplyFailure -Reply $Reply -Timeout $Timeout
    $reason, $text = switch ($failure.Kind) {
        'timeout' { 'timeout', $failure.Text }
        'language' { 'configuration', $failure.Text }
        'transport' { 'session_ended', "$($failure.Text) The script was not run again, as nobody knows how far it got." }
        default { 'script', "the script could not be run. $($failure.Text)" }
    }
    Set-GuestFailure -Result $Result -Reason $reason -Text (Hide-Secret -Value $text -Secret $Secret)
}

Export-ModuleMember -Function New-GuestResult, Set-GuestFailure, Set-GuestReply
