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
        foreach ($key in $Value.Keys) {
            $table[[string]$key] = ConvertTo-PlainData -Value $Value[$key] -Depth $below
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

Function ConvertTo-NativeArgument {
    <#
    .SYNOPSIS
    Arguments of a program in such a form that it receives them as they are.

    .DESCRIPTION
    Windows PowerShell quotes an argument with blanks, but drops empty ones, and does not escape quotation marks and
    the backslashes in front of them. PowerShell 7.3 and later need no help.

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

    $passing = Get-Variable -Name PSNativeCommandArgumentPassing -ValueOnly -ErrorAction SilentlyContinue
    $exact = $null -ne $passing -and [string]$passing -ne 'Legacy'
    foreach ($text in $Argument) {
        if ($exact) {
            $text
        } elseif ($text -eq '') {
            '""'
        } else {
            $escaped = $text -replace '(\\*)"', '$1$1\"'
            if ($escaped -match '\s' -and $escaped -match '\\$') {
                $escaped = $escaped -replace '(\\+)$', '$1$1'
            }
            $escaped
        }
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
        $answer = @(& ([scriptblock]::Create($Task.Unless)))
        if ($answer.Count -gt 0 -and $answer[-1]) {
            return 'unless: its script says so'
        }
    }
    return ''
}

Function Get-TaskEnd {
    <#
    .SYNOPSIS
    What can be said when the task of this session has ended, whatever way.

    .PARAMETER Completed
    It came to its end, and was not ended by an error or by exit.
    #>
    [CmdletBinding()]
    param (
        [switch]
        $Completed
    )

    $state = $global:__hyperv_direct_exec
    $end = @{
        Kind = 'end'
        completed = [bool]$Completed
        skipped = $state.Skipped
        changed = $state.Predict
        failed = $false
        result = $null
        rc = $null
        time = [datetime]::UtcNow.ToString('o')
        delta = [math]::Round($state.Watch.Elapsed.TotalSeconds, 3)
    }
    if ($state.Runs) {
        $end.changed = [bool]$state.Ansible.Changed
        $end.failed = [bool]$state.Ansible.Failed
        $end.result = ConvertTo-PlainData -Value $state.Ansible.Result -Depth $state.Depth
        $end.rc = $global:LASTEXITCODE
    }
    return $end
}

Function Invoke-GuestTask {
    <#
    .SYNOPSIS
    Runs a task in this guest and writes what comes of it: start, what its streams get, end.

    .DESCRIPTION
    There is no try around the script: in one, it would end with errors after which a script goes on. So when an error
    or exit ends it, the end is not written; ask for it with Get-TaskEnd in the same session.

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
    $Ansible = [pscustomobject]@{ Changed = $true; CheckMode = $Task.CheckMode; Failed = $false; Result = $null; Verbosity = $Task.Verbosity }
    $state = @{
        Ansible = $Ansible
        Depth = $Task.Depth
        Predict = $false
        Runs = $false
        Skipped = ''
        Watch = [System.Diagnostics.Stopwatch]::StartNew()
    }
    $global:__hyperv_direct_exec = $state
    @{ Kind = 'start'; process_id = $PID; time = [datetime]::UtcNow.ToString('o'); user = [System.Environment]::UserName }
    foreach ($name in $Task.Environment.Keys) {
        [System.Environment]::SetEnvironmentVariable($name, [string]$Task.Environment[$name])
    }
    if (-not [string]::IsNullOrEmpty($Task.WorkingDirectory)) {
        Set-Location -LiteralPath ([System.Environment]::ExpandEnvironmentVariables($Task.WorkingDirectory))
    }
    $state.Skipped = Get-SkipReason -Task $Task
    $state.Predict = $state.Skipped -eq '' -and $Task.Predict
    $state.Runs = $state.Skipped -eq '' -and -not $Task.Predict
    if ($state.Runs) {
        $WhatIfPreference = $Task.CheckMode
        $global:LASTEXITCODE = $null
        if ($Task.Command.Count -gt 0) {
            $program = $Task.Command[0]
            $arguments = @(ConvertTo-NativeArgument -Argument @($Task.Command | Select-Object -Skip 1))
            # Stop would end it at the first line that it writes to its standard error.
            $ErrorActionPreference = 'Continue'
            & $program @arguments *>&1 | ForEach-Object { ConvertTo-StreamData -Value $_ -Depth $Task.Depth }
        } else {
            $block = [scriptblock]::Create($Task.Script)
            $parameter = $Task.Parameter
            $ErrorActionPreference = $Task.ErrorAction
            & $block @parameter *>&1 | ForEach-Object { ConvertTo-StreamData -Value $_ -Depth $Task.Depth }
        }
    }
    Get-TaskEnd -Completed
}

Function Get-GuestRunner {
    <#
    .SYNOPSIS
    The script block that runs a task in a guest, and whose only argument is the task; or one that asks for its end.

    .PARAMETER End
    Ask for the end of the task that ran in the session.
    #>
    [CmdletBinding()]
    [OutputType([scriptblock])]
    param (
        [switch]
        $End
    )

    $functions = @{
        'ConvertTo-ErrorData' = ${function:ConvertTo-ErrorData}
        'ConvertTo-NativeArgument' = ${function:ConvertTo-NativeArgument}
        'ConvertTo-PlainContainer' = ${function:ConvertTo-PlainContainer}
        'ConvertTo-PlainData' = ${function:ConvertTo-PlainData}
        'ConvertTo-StreamData' = ${function:ConvertTo-StreamData}
        'Get-SkipReason' = ${function:Get-SkipReason}
        'Get-TaskEnd' = ${function:Get-TaskEnd}
        'Invoke-GuestTask' = ${function:Invoke-GuestTask}
    }
    $lines = @('param ($Task)')
    foreach ($name in $functions.Keys) {
        $lines += "Function $name {$($functions[$name])}"
    }
    $lines += if ($End) { 'Get-TaskEnd' } else { 'Invoke-GuestTask -Task $Task' }
    return [scriptblock]::Create($lines -join "`n")
}

Export-ModuleMember -Function ConvertTo-ErrorData, Get-GuestRunner
