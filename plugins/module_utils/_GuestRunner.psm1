# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

# What runs inside the guests. Get-GuestRunner sends the text of the other functions there, so they know nothing of this
# file. They write hashtables of plain data with a Kind, each as soon as it is known: what was written before a session
# is lost or given up arrives. Containers keep every level on their way to the host, other objects do not.

Function ConvertTo-PlainData {
    <#
    .SYNOPSIS
    A value as text, number, boolean, list or dictionary.

    .PARAMETER Value
    Any object.

    .PARAMETER Depth
    How many levels of objects, lists and dictionaries to keep; what is deeper becomes text.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [object]
        $Value,

        [Parameter(Mandatory = $true)]
        [int]
        $Depth
    )

    if ($null -eq $Value) {
        return $null
    }
    if ($Value -is [double] -or $Value -is [single]) {
        # JSON knows no infinity.
        if ([double]::IsNaN($Value) -or [double]::IsInfinity($Value)) {
            return [string]$Value
        }
        return [double]$Value
    }
    if ($Value -is [bool] -or $Value -is [decimal]) {
        return $Value
    }
    if ($Value -is [datetime] -or $Value -is [System.DateTimeOffset]) {
        return $Value.ToString('o', [System.Globalization.CultureInfo]::InvariantCulture)
    }
    if ($Value -is [timespan]) {
        return $Value.TotalSeconds
    }
    if ($Value -is [securestring] -or $Value -is [pscredential]) {
        return $Value.GetType().FullName
    }
    if ($Value -is [xml]) {
        return $Value.OuterXml
    }
    foreach ($type in [sbyte], [byte], [int16], [uint16], [int], [uint32], [long], [uint64]) {
        if ($Value -is $type -and $Value -isnot [enum]) {
            return $Value
        }
    }
    if ($Value -is [string] -or $Value -is [System.ValueType] -or $Value -is [version] -or $Value -is [uri] -or $Value -is [type] -or
        $Value -is [scriptblock] -or $Depth -le 0) {
        return [string]$Value
    }
    if ($Value -is [byte[]]) {
        return [System.Convert]::ToBase64String($Value)
    }
    return ConvertTo-PlainContainer -Value $Value -Depth $Depth
}

Function ConvertTo-PlainContainer {
    <#
    .SYNOPSIS
    A dictionary, a list or the properties of an object as plain data.

    .PARAMETER Value
    Such an object.

    .PARAMETER Depth
    How many levels to keep, this one included.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Value,

        [Parameter(Mandatory = $true)]
        [int]
        $Depth
    )

    $below = $Depth - 1
    # Not @{}, whose keys ignore case.
    $table = New-Object -TypeName System.Collections.Hashtable
    if ($Value -is [System.Collections.IDictionary]) {
        # Not $Value.Keys, which is the entry of that name where there is one.
        foreach ($entry in $Value.GetEnumerator()) {
            $table[[string]$entry.Key] = ConvertTo-PlainData -Value $entry.Value -Depth $below
        }
        return $table
    }
    if ($Value -is [System.Collections.IEnumerable]) {
        $list = New-Object -TypeName System.Collections.ArrayList
        foreach ($item in $Value) {
            [void]$list.Add((ConvertTo-PlainData -Value $item -Depth $below))
        }
        return , $list
    }
    foreach ($property in $Value.PSObject.Properties) {
        if ($property.Name -eq 'PSComputerName' -or $property.Name -eq 'PSShowComputerName' -or $property.Name -eq 'RunspaceId') {
            continue
        }
        try {
            $table[$property.Name] = ConvertTo-PlainData -Value $property.Value -Depth $below
        } catch {
            # A getter may throw.
            $table[$property.Name] = $null
        }
    }
    return $table
}

Function ConvertTo-ErrorData {
    <#
    .SYNOPSIS
    An error as plain data.

    .PARAMETER ErrorRecord
    The error.

    .PARAMETER Terminating
    It has ended the script.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [System.Management.Automation.ErrorRecord]
        $ErrorRecord,

        [switch]
        $Terminating
    )

    $trace = $ErrorRecord.ScriptStackTrace
    $target = $ErrorRecord.TargetObject
    $exception = $ErrorRecord.Exception.GetType().FullName
    if ($ErrorRecord.Exception -is [System.Management.Automation.RemoteException] -and $null -ne $ErrorRecord.Exception.SerializedRemoteException) {
        $exception = $ErrorRecord.Exception.SerializedRemoteException.PSObject.TypeNames[0] -replace '^Deserialized\.', ''
    }
    return @{
        Kind = 'error'
        message = [string]$ErrorRecord.Exception.Message
        id = [string]$ErrorRecord.FullyQualifiedErrorId
        category = [string]$ErrorRecord.CategoryInfo.Category
        exception = $exception
        target = if ($null -ne $target) { [string](ConvertTo-PlainData -Value $target -Depth 0) } else { '' }
        script_stack_trace = if ($null -ne $trace) { [string]$trace } else { '' }
        terminating = [bool]$Terminating
    }
}

Function ConvertTo-StreamData {
    <#
    .SYNOPSIS
    What a script has written to one of its streams, as plain data with the name of the stream.

    .PARAMETER Value
    The object, as merged into the output.

    .PARAMETER Depth
    How many levels of objects to keep.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [object]
        $Value,

        [Parameter(Mandatory = $true)]
        [int]
        $Depth
    )

    if ($Value -is [System.Management.Automation.ErrorRecord]) {
        # Windows PowerShell makes an error of each line that a program writes to its standard error.
        if ($Value.FullyQualifiedErrorId -like 'NativeCommandError*') {
            return @{ Kind = 'stderr'; text = [string]$Value.Exception.Message }
        }
        return ConvertTo-ErrorData -ErrorRecord $Value
    }
    $kinds = @{ WarningRecord = 'warning'; VerboseRecord = 'verbose'; DebugRecord = 'debug'; InformationRecord = 'information' }
    if ($null -ne $Value -and $Value.GetType().Namespace -eq 'System.Management.Automation' -and $kinds.ContainsKey($Value.GetType().Name)) {
        return @{ Kind = $kinds[$Value.GetType().Name]; text = [string]$Value }
    }
    return @{ Kind = 'output'; is_text = $Value -is [string]; value = ConvertTo-PlainData -Value $Value -Depth $Depth }
}

Function ConvertTo-CommandLine {
    <#
    .SYNOPSIS
    A command line out of which a program reads the arguments as they are, by the rules of Microsoft's C runtime.

    .DESCRIPTION
    Each percent sign stands outside of the quotation marks: PowerShell replaces %NAME% in what it passes on verbatim, and %"NAME"% is
    no variable of the environment.

    .PARAMETER Argument
    The arguments.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [AllowEmptyString()]
        [string[]]
        $Argument
    )

    $parts = foreach ($text in $Argument) {
        if ($text -ne '' -and $text -notmatch '[\s"%]') {
            $text
        } else {
            $escaped = $text -replace '(\\*)"', '$1$1\"' -replace '(\\+)$', '$1$1' -replace '(\\*)%', '$1$1"%"'
            '"' + $escaped + '"'
        }
    }
    return @($parts) -join ' '
}

Function ConvertTo-NativeArgument {
    <#
    .SYNOPSIS
    Arguments of a command in such a form that it receives them as they are.

    .DESCRIPTION
    PowerShell 7.3 and later need no help, nor do commands of PowerShell. To programs, Windows PowerShell passes nothing for an empty
    text, quotation marks as they are, and it puts a text with blanks into others or not depending on those. So programs get a command
    line behind --%, which it leaves alone. cmd and batch files have rules of their own, and get what PowerShell makes of it.

    .PARAMETER Command
    The command.

    .PARAMETER Argument
    The arguments.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [string]
        $Command,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [AllowEmptyString()]
        [string[]]
        $Argument
    )

    $passing = Get-Variable -Name PSNativeCommandArgumentPassing -ValueOnly -ErrorAction SilentlyContinue
    $exact = $null -ne $passing -and [string]$passing -ne 'Legacy'
    $found = @(Get-Command -Name $Command -ErrorAction SilentlyContinue)
    $program = $found.Count -gt 0 -and [string]$found[0].CommandType -eq 'Application'
    if ($exact -or $Argument.Count -eq 0 -or -not $program -or $found[0].Name -match '^cmd(\.exe)?$|\.(bat|cmd)$') {
        return $Argument
    }
    return '--%', (ConvertTo-CommandLine -Argument $Argument)
}

Function Get-EndingError {
    <#
    .SYNOPSIS
    The error that a script ended with, out of that of the method that ran it.

    .PARAMETER ErrorRecord
    What was caught.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [System.Management.Automation.ErrorRecord]
        $ErrorRecord
    )

    $exception = $ErrorRecord.Exception
    if ($exception -is [System.Management.Automation.MethodInvocationException] -and
        $exception.InnerException -is [System.Management.Automation.RuntimeException]) {
        return $exception.InnerException.ErrorRecord
    }
    return $ErrorRecord
}

Function Invoke-NestedScript {
    <#
    .SYNOPSIS
    Runs a script as a pipeline of its own in this runspace, and returns the error that ended it, if one did.

    .DESCRIPTION
    exit ends its pipeline, whatever surrounds it. In a nested one its code is in $LASTEXITCODE then, and the caller goes on; in that of
    the session it would end the task, and PowerShell would tell nobody the code. A try around a nested pipeline is none for its
    statements: in one, errors would end the script after which it goes on. See InvokeHelper in PowerShell's LocalPipeline.cs.

    .PARAMETER ScriptBlock
    The script, with one parameter.

    .PARAMETER Run
    The value of the parameter.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [scriptblock]
        $ScriptBlock,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Run
    )

    $pipeline = [powershell]::Create([System.Management.Automation.RunspaceMode]::CurrentRunspace)
    try {
        [void]$pipeline.AddScript([string]$ScriptBlock, $true).AddArgument($Run).Invoke()
        # The script's own statements have failed then: what they were to run has not begun.
        $failed = $pipeline.Streams.Error.ReadAll()
        if ($failed.Count -gt 0) {
            return $failed[0]
        }
    } catch {
        return Get-EndingError -ErrorRecord $_
    } finally {
        $pipeline.Dispose()
    }
}

Function Get-SkipReason {
    <#
    .SYNOPSIS
    Why there is nothing to do in this guest, or an empty text.

    .PARAMETER Task
    The task, with Creates, Removes and Unless.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Task
    )

    foreach ($name in 'Creates', 'Removes') {
        if ([string]::IsNullOrEmpty($Task[$name])) {
            continue
        }
        $path = [System.Environment]::ExpandEnvironmentVariables($Task[$name])
        $there = Test-Path -LiteralPath $path
        if ($name -eq 'Creates' -and $there) {
            return "creates: '$path' exists"
        }
        if ($name -eq 'Removes' -and -not $there) {
            return "removes: '$path' does not exist"
        }
    }
    if (-not [string]::IsNullOrEmpty($Task.Unless)) {
        $run = @{ Answer = $null; Block = [scriptblock]::Create($Task.Unless) }
        $failure = Invoke-NestedScript -Run $run -ScriptBlock {
            param ($Run)
            do {
                & $Run.Block | ForEach-Object -Process { $Run.Answer = $_ }
            } while ($false)
        }
        if ($null -ne $failure) {
            throw $failure
        }
        if ($run.Answer) {
            return 'unless: its script says so'
        }
    }
    return ''
}

Function Get-TaskEnd {
    <#
    .SYNOPSIS
    What can be said when the task has ended, whatever way.

    .PARAMETER State
    The state of Invoke-GuestTask.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $State
    )

    $end = @{
        Kind = 'end'
        completed = $State.Completed
        skipped = $State.Skipped
        stage = $State.Stage
        changed = $State.Predict
        failed = $false
        result = $null
        rc = $null
        time = [datetime]::UtcNow.ToString('o')
        delta = [math]::Round($State.Watch.Elapsed.TotalSeconds, 3)
    }
    if ($State.Runs) {
        $end.changed = [bool]$State.Ansible.Changed
        $end.failed = [bool]$State.Ansible.Failed
        $end.result = ConvertTo-PlainData -Value $State.Ansible.Result -Depth $State.Depth
        $end.rc = $global:LASTEXITCODE
    }
    return $end
}

Function Set-TaskLocation {
    <#
    .SYNOPSIS
    Environment variables and the directory of the task.

    .PARAMETER Task
    The task, with Environment and WorkingDirectory.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Task
    )

    foreach ($entry in $Task.Environment.GetEnumerator()) {
        [System.Environment]::SetEnvironmentVariable([string]$entry.Key, [string]$entry.Value)
    }
    if (-not [string]::IsNullOrEmpty($Task.WorkingDirectory)) {
        Set-Location -LiteralPath ([System.Environment]::ExpandEnvironmentVariables($Task.WorkingDirectory))
    }
}

Function Set-TaskBody {
    <#
    .SYNOPSIS
    Adds what the task runs to its state: Body and the Argument that belong to it.

    .PARAMETER Task
    The task, with Command or Script and Parameter.

    .PARAMETER State
    The state of Invoke-GuestTask.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Task,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $State
    )

    if ($Task.Command.Count -gt 0) {
        $State.Body = $Task.Command[0]
        $arguments = @($Task.Command | Select-Object -Skip 1)
        $State.Argument = @(ConvertTo-NativeArgument -Command $State.Body -Argument $arguments)
        # Stop would end it at the first line that it writes to its standard error.
        $State.ErrorAction = 'Continue'
    } else {
        $State.Body = [scriptblock]::Create($Task.Script)
        $State.Argument = $Task.Parameter
        $State.ErrorAction = $Task.ErrorAction
    }
}

Function Invoke-TaskBody {
    <#
    .SYNOPSIS
    Runs what the task runs; returns the error that ended it, if one did.

    .PARAMETER State
    The state of Invoke-GuestTask, with Body, Argument and ErrorAction. Becomes Completed unless an error or exit ends it.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $State
    )

    Invoke-NestedScript -Run $State -ScriptBlock {
        param ($Run)
        Set-Variable -Name Ansible -Value $Run.Ansible
        $argument = $Run.Argument
        $ErrorActionPreference = $Run.ErrorAction
        $WhatIfPreference = $Run.WhatIf
        # The loop is what a break ends that belongs to no loop of the script.
        do {
            & $Run.Body @argument *>&1 | ForEach-Object -Process {
                $entry = try {
                    ConvertTo-StreamData -Value $_ -Depth $Run.Depth
                } catch {
                    ConvertTo-ErrorData -ErrorRecord $_
                }
                $Run.Writer.WriteObject($entry)
            }
        } while ($false)
        $Run.Completed = $true
    }
}

Function Invoke-GuestTask {
    <#
    .SYNOPSIS
    Runs a task in this guest and writes what comes of it: start, what its streams get, the error that ended it, end.

    .PARAMETER Task
    Script or Command, Parameter, Environment, WorkingDirectory, Creates, Removes, Unless, Depth, ErrorAction,
    CheckMode (the script heeds it), Predict (only say whether it would run), Verbosity.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Task
    )

    $ErrorActionPreference = 'Stop'
    $ProgressPreference = 'SilentlyContinue'
    $state = @{
        Ansible = [pscustomobject]@{ Changed = $true; CheckMode = $Task.CheckMode; Failed = $false; Result = $null; Verbosity = $Task.Verbosity }
        Completed = $false
        Depth = $Task.Depth
        Predict = $false
        Runs = $false
        Skipped = ''
        # What an error before the script itself belongs to.
        Stage = 'working_directory'
        Watch = [System.Diagnostics.Stopwatch]::StartNew()
        WhatIf = $Task.CheckMode
        # Each entry is written at once, from within the nested pipeline.
        Writer = $PSCmdlet
    }
    @{ Kind = 'start'; process_id = $PID; time = [datetime]::UtcNow.ToString('o'); user = [System.Environment]::UserName }
    $failure = $null
    try {
        Set-TaskLocation -Task $Task
        $state.Stage = 'unless'
        $state.Skipped = Get-SkipReason -Task $Task
        $state.Stage = ''
        $state.Predict = $state.Skipped -eq '' -and $Task.Predict
        if ($state.Skipped -eq '' -and -not $Task.Predict) {
            Set-TaskBody -Task $Task -State $state
            $state.Runs = $true
            $global:LASTEXITCODE = $null
            $failure = Invoke-TaskBody -State $state
        }
    } catch {
        $failure = Get-EndingError -ErrorRecord $_
    }
    if ($null -ne $failure) {
        $state.Completed = $true
        $missing = $failure.Exception -is [System.Management.Automation.CommandNotFoundException]
        if ($Task.Command.Count -gt 0 -and $missing -and $failure.Exception.CommandName -eq $Task.Command[0]) {
            $state.Runs = $false
        }
        ConvertTo-ErrorData -ErrorRecord $failure -Terminating
    }
    Get-TaskEnd -State $state
}

Function Get-GuestRunner {
    <#
    .SYNOPSIS
    The script block that runs a task in a guest, and whose only argument is the task.
    #>
    [CmdletBinding()]
    [OutputType([scriptblock])]
    param ()

    $names = 'ConvertTo-CommandLine', 'ConvertTo-ErrorData', 'ConvertTo-NativeArgument', 'ConvertTo-PlainContainer', 'ConvertTo-PlainData',
    'ConvertTo-StreamData', 'Get-EndingError', 'Get-SkipReason', 'Get-TaskEnd', 'Invoke-GuestTask', 'Invoke-NestedScript', 'Invoke-TaskBody',
    'Set-TaskBody', 'Set-TaskLocation'
    $lines = @('param ($Task)')
    foreach ($name in $names) {
        $lines += "Function $name {$((Get-Item -LiteralPath "function:$name").Definition)}"
    }
    $lines += 'Invoke-GuestTask -Task $Task'
    return [scriptblock]::Create($lines -join "`n")
}

Export-ModuleMember -Function ConvertTo-ErrorData, Get-GuestRunner
