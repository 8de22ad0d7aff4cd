# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestError

# PowerShell Direct: one session for each virtual machine, and scripts that run in many of them at a time.
# The options guest_username, guest_password, configuration_name, retries, retry_delay, throttle and timeout are
# documented in plugins/doc_fragments/guest_session.py.

# Seconds between two looks at jobs: how long a question of a script may go unnoticed while others run.
$script:lookSeconds = 5

Function ConvertTo-SecureText {
    <#
    .SYNOPSIS
    A text as a SecureString; it may be empty.

    .PARAMETER Text
    The text.
    #>
    [CmdletBinding()]
    [OutputType([securestring])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [AllowEmptyString()]
        [string]
        $Text
    )

    # AppendChar, not ConvertTo-SecureString -AsPlainText, which refuses an empty text.
    $secure = New-Object -TypeName System.Security.SecureString
    foreach ($character in $Text.ToCharArray()) {
        $secure.AppendChar($character)
    }
    return $secure
}

Function ConvertTo-GuestCredential {
    <#
    .SYNOPSIS
    The credential for the guests, or null when no user name is given; fails the module on half of one.

    .PARAMETER Module
    The running module, with the options guest_username and guest_password.

    .PARAMETER Needed
    Fail the module when no user name is given.
    #>
    [CmdletBinding()]
    [OutputType([pscredential])]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module,

        [switch]
        $Needed
    )

    $name = $Module.Params['guest_username']
    $password = $Module.Params['guest_password']
    if ([string]::IsNullOrEmpty($name)) {
        if ($Needed) {
            $Module.FailJson('guest_username is missing: a guest lets nobody in without an account of its own.')
        }
        if (-not [string]::IsNullOrEmpty($password)) {
            $Module.FailJson('guest_password is set without guest_username. Name the account of the guest that the password belongs to.')
        }
        return
    }
    return New-Object -TypeName System.Management.Automation.PSCredential -ArgumentList $name, (ConvertTo-SecureText -Text $password)
}

Function Open-GuestSession {
    <#
    .SYNOPSIS
    Opens a PowerShell Direct session to each virtual machine; what fails is the error of that virtual machine.

    .DESCRIPTION
    By id and one after the other: New-PSSession does not say which of several virtual machines an error is about.
    Sets Session, or Error and ErrorKind, of each record. Records that have an error already are left alone.

    .PARAMETER Record
    Records of virtual machines.

    .PARAMETER Credential
    An account of the guests.

    .PARAMETER ConfigurationName
    A session configuration of the guest; empty for the default one.

    .PARAMETER Retries
    How often to try again after an error of the transport.

    .PARAMETER RetryDelay
    Seconds before the first retry; doubled for each further one, up to a minute.

    .PARAMETER LogonRetries
    How often to try again after a refused logon. Each try with a wrong password counts in the guest, which may lock the account.
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

        [string]
        $ConfigurationName = '',

        [int]
        $Retries = 0,

        [int]
        $RetryDelay = 5,

        [int]
        $LogonRetries = 0
    )

    $options = @{ Credential = $Credential; ErrorAction = 'Stop' }
    if ($ConfigurationName -ne '') {
        $options.ConfigurationName = $ConfigurationName
    }
    foreach ($item in $Record) {
        $item.Session = $null
        $item.ErrorKind = ''
        if ($null -ne $item.Error) {
            continue
        }
        if ($item.State -ne 'running') {
            $item.ErrorKind = 'state'
            $item.Error = "it is $($item.State), and PowerShell Direct needs a running virtual machine. Start it first, or restrict vm_state to running."
            continue
        }
        $delay = $RetryDelay
        $left = @{ transport = $Retries; credential = $LogonRetries }
        while ($true) {
            try {
                $item.Session = New-PSSession -VMId ([guid]$item.Id) @options
                break
            } catch {
                $kind = Get-GuestErrorKind -ErrorRecord $_
                if (-not $left.ContainsKey($kind) -or $left[$kind] -le 0) {
                    $item.ErrorKind = $kind
                    $item.Error = Get-GuestErrorText -ErrorRecord $_
                    break
                }
                $left[$kind]--
            }
            Start-Sleep -Seconds $delay
            $delay = [math]::Min($delay * 2, 60)
        }
    }
}

Function Close-GuestSession {
    <#
    .SYNOPSIS
    Closes the sessions of records, but for those in which something still runs: closing one of these may never return.

    .PARAMETER Record
    Records after Open-GuestSession.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record
    )

    foreach ($item in $Record) {
        if ($null -ne $item['Session'] -and -not $item['Abandoned']) {
            Remove-PSSession -Session $item.Session -ErrorAction SilentlyContinue
        }
        $item.Session = $null
    }
}

Function Invoke-GuestScript {
    <#
    .SYNOPSIS
    Runs one script in the sessions of many virtual machines, a few at a time, and returns one reply for each.

    .DESCRIPTION
    A reply is a hashtable with Record, Output (a list), ErrorRecord (a list, errors the script wrote or ended with)
    and TimedOut. A guest that does not answer in time is left alone: its record gets Abandoned, as stopping a script
    in a guest that hangs may never return either.

    .PARAMETER Record
    Records with a Session. Others are passed over.

    .PARAMETER ScriptBlock
    The script. It must stand on its own: only text reaches the guest.

    .PARAMETER ArgumentList
    Arguments of the script, the same for all.

    .PARAMETER NextArgument
    Instead of ArgumentList, a script block that is called with a record and its last reply, null at first. It returns
    the arguments of the next run in that guest as one list, or nothing when the guest is done; then the next guest gets
    its turn. It gets the replies instead of the caller, so nothing is kept of those before.

    .PARAMETER ThrottleLimit
    In how many guests it runs at the same time.

    .PARAMETER Timeout
    Seconds to wait for each guest; 0 waits without end.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [scriptblock]
        $ScriptBlock,

        [AllowEmptyCollection()]
        [AllowNull()]
        [object[]]
        $ArgumentList,

        [scriptblock]
        $NextArgument,

        [int]
        $ThrottleLimit = 2,

        [int]
        $Timeout = 0
    )

    $waiting = New-Object -TypeName 'System.Collections.Generic.Queue[object]'
    foreach ($item in $Record) {
        if ($null -ne $item['Session'] -and -not $item['Abandoned']) {
            $waiting.Enqueue($item)
        }
    }
    $running = New-Object -TypeName 'System.Collections.Generic.List[object]'
    $ended = New-Object -TypeName 'System.Collections.Generic.Queue[object]'
    # What a script leaves in a session, variables with their types among it, is there for the next one: each gets a scope of its own.
    $job = @{ ScriptBlock = [scriptblock]::Create("& {`n$ScriptBlock`n} @args"); ArgumentList = $ArgumentList; NextArgument = $NextArgument }
    while ($waiting.Count -gt 0 -or $running.Count -gt 0 -or $ended.Count -gt 0) {
        if ($ended.Count -gt 0) {
            $reply = $ended.Dequeue()
            if ($null -eq $NextArgument) {
                $reply
                continue
            }
            # A guest keeps its place until it is done.
            $reply = Start-GuestJob -Record $reply.Record -Last $reply -Timeout $Timeout @job
        } elseif ($waiting.Count -gt 0 -and $running.Count -lt $ThrottleLimit) {
            $reply = Start-GuestJob -Record $waiting.Dequeue() -Timeout $Timeout @job
        } else {
            Wait-GuestReply -Running $running -Ended $ended
            continue
        }
        if ($null -ne $reply -and $null -ne $reply.Job) {
            $running.Add($reply)
        } elseif ($null -ne $reply) {
            $ended.Enqueue($reply)
        }
    }
}

Function Wait-GuestReply {
    <#
    .SYNOPSIS
    Waits for one of some jobs, and moves the replies that are complete then.

    .PARAMETER Running
    Replies with a Job.

    .PARAMETER Ended
    Gets the complete ones.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [System.Collections.Generic.List[object]]
        $Running,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.Queue[object]]
        $Ended
    )

    Wait-GuestJob -Reply $Running
    foreach ($reply in $Running.ToArray()) {
        if (Receive-GuestReply -Reply $reply) {
            [void]$Running.Remove($reply)
            $Ended.Enqueue($reply)
        }
    }
}

Function Start-GuestJob {
    <#
    .SYNOPSIS
    Starts a script in one guest and returns its reply, without a Job when it could not be started; nothing when the
    guest is done.

    .PARAMETER Record
    A record with a Session.

    .PARAMETER ScriptBlock
    The script.

    .PARAMETER ArgumentList
    Arguments of the script.

    .PARAMETER NextArgument
    See Invoke-GuestScript.

    .PARAMETER Timeout
    Seconds to wait for the guest; 0 waits without end.

    .PARAMETER Last
    The last reply of this guest.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record,

        [Parameter(Mandatory = $true)]
        [scriptblock]
        $ScriptBlock,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [AllowNull()]
        [object[]]
        $ArgumentList,

        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [scriptblock]
        $NextArgument,

        [Parameter(Mandatory = $true)]
        [int]
        $Timeout,

        [AllowNull()]
        [hashtable]
        $Last
    )

    $arguments = $ArgumentList
    if ($null -ne $NextArgument) {
        $arguments = & $NextArgument $Record $Last
        if ($null -eq $arguments) {
            return
        }
    }
    $reply = @{
        Record = $Record
        Output = New-Object -TypeName 'System.Collections.Generic.List[object]'
        ErrorRecord = New-Object -TypeName 'System.Collections.Generic.List[object]'
        TimedOut = $false
        Job = $null
        Deadline = if ($Timeout -gt 0) { [datetime]::UtcNow.AddSeconds($Timeout) } else { [datetime]::MaxValue }
    }
    try {
        $reply.Job = Invoke-Command -Session $Record.Session -ScriptBlock $ScriptBlock -ArgumentList $arguments -AsJob -ErrorAction Stop
    } catch {
        $reply.ErrorRecord.Add($_)
    }
    return $reply
}

Function Wait-GuestJob {
    <#
    .SYNOPSIS
    Waits until one of some jobs ends or the first of their deadlines has come, a few seconds at most.

    .DESCRIPTION
    A job that is blocked does not end the wait for others, and the wait fails when all are, so it is a short one.

    .PARAMETER Reply
    Replies with a Job and a Deadline.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [System.Collections.Generic.List[object]]
        $Reply
    )

    $first = [datetime]::MaxValue
    foreach ($item in $Reply) {
        if ($item.Deadline -lt $first) {
            $first = $item.Deadline
        }
    }
    $jobs = @(foreach ($item in $Reply) { $item.Job })
    $seconds = $script:lookSeconds
    if ($first -ne [datetime]::MaxValue) {
        $seconds = [int][math]::Min($seconds, [math]::Ceiling(($first - [datetime]::UtcNow).TotalSeconds))
    }
    if ($seconds -le 0 -or @($jobs | Where-Object { Test-GuestJobBlocked -Job $_ }).Count -gt 0) {
        return
    }
    try {
        [void](Wait-Job -Job $jobs -Any -Timeout $seconds -ErrorAction Stop)
    } catch {
        if ([string]$_.FullyQualifiedErrorId -notlike 'BlockedJobsDeadlockWithWaitJob*') {
            throw
        }
    }
}

Function Test-GuestJobBlocked {
    <#
    .SYNOPSIS
    Whether the script of a job asks a question, such as for a parameter that is missing, and waits for the answer.

    .DESCRIPTION
    Receive-Job passes the question on to this host, where nobody answers, and the script goes on without an answer.

    .PARAMETER Job
    The job.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Job
    )

    return [string]$Job.State -eq 'Blocked'
}

Function Test-GuestJobEnded {
    <#
    .SYNOPSIS
    Whether a job has ended, in whatever way.

    .PARAMETER Job
    The job.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Job
    )

    # The names of System.Management.Automation.JobState are not localized.
    return @('Completed', 'Failed', 'Stopped', 'Disconnected') -contains [string]$Job.State
}

Function Receive-GuestReply {
    <#
    .SYNOPSIS
    Takes over what a job wrote once it has ended or its time is over; returns whether the reply is complete.

    .PARAMETER Reply
    A reply with a Job and a Deadline.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Reply
    )

    $ended = Test-GuestJobEnded -Job $Reply.Job
    $mayGoOn = -not $ended -and [datetime]::UtcNow -lt $Reply.Deadline
    if ($mayGoOn -and -not (Test-GuestJobBlocked -Job $Reply.Job)) {
        return $false
    }
    $failures = @()
    foreach ($value in @(Receive-Job -Job $Reply.Job -ErrorAction SilentlyContinue -ErrorVariable failures)) {
        $Reply.Output.Add($value)
    }
    foreach ($failure in $failures) {
        if ($failure -is [System.Management.Automation.ErrorRecord]) {
            $Reply.ErrorRecord.Add($failure)
        }
    }
    if ($mayGoOn) {
        return $false
    }
    if ($ended) {
        Remove-Job -Job $Reply.Job -Force -ErrorAction SilentlyContinue
    } else {
        $Reply.TimedOut = $true
        $Reply.Record.Abandoned = $true
    }
    return $true
}

Export-ModuleMember -Function Close-GuestSession, ConvertTo-GuestCredential, ConvertTo-SecureText, Invoke-GuestScript, Open-GuestSession, Test-GuestJobEnded
