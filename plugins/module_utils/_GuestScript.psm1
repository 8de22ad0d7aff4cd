# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestError
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestResult
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestRunner
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestSession
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._IntegrationService

# A script or a command for many guests: the options as a task, and the task in all of them.

Function ConvertTo-GuestParameter {
    <#
    .SYNOPSIS
    The parameters of the script: plain values, SecureStrings and credentials; fails the module on a name given twice.

    .PARAMETER Module
    The running module, with the options parameters and sensitive_parameters.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module
    )

    $result = @{}
    if ($null -ne $Module.Params['parameters']) {
        foreach ($entry in $Module.Params['parameters'].GetEnumerator()) {
            $result[$entry.Key] = $entry.Value
        }
    }
    foreach ($item in $Module.Params['sensitive_parameters'] | Where-Object { $null -ne $_ }) {
        if ($result.ContainsKey($item['name'])) {
            $Module.FailJson("The parameter '$($item['name'])' is given more than once in parameters and sensitive_parameters.")
        }
        if ($null -ne $item['username']) {
            $secure = ConvertTo-SecureText -Text $item['password']
            $result[$item['name']] = New-Object -TypeName System.Management.Automation.PSCredential -ArgumentList $item['username'], $secure
        } else {
            $result[$item['name']] = ConvertTo-SecureText -Text $item['value']
        }
    }
    return $result
}

Function Test-ScriptWhatIf {
    <#
    .SYNOPSIS
    Whether a script says that it supports check mode, by [CmdletBinding(SupportsShouldProcess)].

    .PARAMETER Script
    The text of the script.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyString()]
        [string]
        $Script
    )

    try {
        $null = Set-Item -LiteralPath 'function:__hyperv_direct_exec' -Value ([scriptblock]::Create($Script)) -WhatIf:$false
        return (Get-Command -Name '__hyperv_direct_exec' -CommandType Function).Parameters.ContainsKey('WhatIf')
    } catch {
        # The PowerShell of the guest may understand what the one of the host does not.
        return $false
    }
}

Function Get-GuestSecret {
    <#
    .SYNOPSIS
    The secrets of the task, longest first, so that none is left over in part.

    .PARAMETER Option
    The parameters of the module: guest_password, sensitive_parameters.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Option
    )

    $found = @(
        $Option['guest_password']
        foreach ($item in $Option['sensitive_parameters'] | Where-Object { $null -ne $_ }) {
            $item['value']
            $item['password']
        }
    )
    $found | Where-Object { -not [string]::IsNullOrEmpty($_) } | Sort-Object -Property Length -Descending
}

Function New-GuestTask {
    <#
    .SYNOPSIS
    What Invoke-GuestTask needs to know, from the options of the module; null if check mode leaves nothing to do.

    .PARAMETER Module
    The running module.

    .PARAMETER Script
    The text of the script, empty for a command.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module,

        [Parameter(Mandatory = $true)]
        [AllowEmptyString()]
        [string]
        $Script
    )

    $preferences = @{ continue = 'Continue'; silently_continue = 'SilentlyContinue'; stop = 'Stop' }
    $environment = @{}
    if ($null -ne $Module.Params['environment']) {
        foreach ($entry in $Module.Params['environment'].GetEnumerator()) {
            $environment[$entry.Key] = [string]$entry.Value
        }
    }
    $task = @{
        Script = $Script
        Command = @($Module.Params['command'] | Where-Object { $null -ne $_ })
        Parameter = ConvertTo-GuestParameter -Module $Module
        Environment = $environment
        WorkingDirectory = [string]$Module.Params['working_directory']
        Creates = [string]$Module.Params['creates']
        Removes = [string]$Module.Params['removes']
        Unless = [string]$Module.Params['unless']
        Depth = [int]$Module.Params['depth']
        ErrorAction = $preferences[$Module.Params['error_action']]
        CheckMode = [bool]$Module.CheckMode
        Predict = $false
        Verbosity = [int]$Module.Verbosity
    }
    if ($Module.CheckMode -and ($task.Command.Count -gt 0 -or -not (Test-ScriptWhatIf -Script $Script))) {
        $task.Predict = $true
        if ($task.Creates -eq '' -and $task.Removes -eq '' -and $task.Unless -eq '') {
            return
        }
    }
    return $task
}

Function Add-GuestHint {
    <#
    .SYNOPSIS
    Says for virtual machines that gave no answer what the host knows of their guests, with one query for all of them.

    .PARAMETER Record
    The records after Open-GuestSession.

    .PARAMETER ConfigurationName
    The session configuration that was asked for; one that the guest does not have gets no answer either.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [AllowEmptyString()]
        [string]
        $ConfigurationName
    )

    $silent = New-Object -TypeName 'System.Collections.Generic.List[object]'
    $texts = @{}
    foreach ($item in $Record) {
        if ($null -ne $item.Error -and $item['ErrorKind'] -eq 'transport') {
            $texts[$item.Id] = $item.Error
            $item.Error = $null
            $silent.Add($item)
        }
    }
    Read-IntegrationService -Record $silent
    foreach ($item in $silent) {
        $service = $item.Services['heartbeat']
        $hint = if ($null -ne $item.Error -or $null -eq $service -or -not $service.Enabled) {
            ''
        } elseif ($service.Status -eq 'ok' -or $service.Status -eq 'degraded') {
            $lacking = if ($ConfigurationName -ne '') { "it has no session configuration '$ConfigurationName', " } else { 'it ' }
            " Its heartbeat is ok, so the guest has booted: ${lacking}is no Windows of that kind, or vmicvmsession is disabled in it."
        } else {
            " Its heartbeat is $($service.Status): the guest has not booted, hangs, or has no operating system."
        }
        $item.Error = $texts[$item.Id] + $hint
    }
}

Function Invoke-GuestTaskOnRecord {
    <#
    .SYNOPSIS
    Runs a task in the guests of all records and writes the Result of each record.

    .DESCRIPTION
    As many sessions are open at the same time as tasks may run, never one for each virtual machine.

    .PARAMETER Record
    Records with a Result.

    .PARAMETER Task
    From New-GuestTask.

    .PARAMETER Credential
    An account of the guests.

    .PARAMETER Option
    The parameters of the module: configuration_name, logon_retries, retries, retry_delay, throttle, timeout.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Task,

        [Parameter(Mandatory = $true)]
        [pscredential]
        $Credential,

        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Option
    )

    $opening = @{
        Credential = $Credential
        ConfigurationName = [string]$Option['configuration_name']
        Retries = $Option['retries']
        RetryDelay = $Option['retry_delay']
        LogonRetries = $Option['logon_retries']
    }
    $running = @{
        ScriptBlock = Get-GuestRunner
        ArgumentList = @(, $Task)
        ThrottleLimit = $Option['throttle']
        Timeout = $Option['timeout']
    }
    $secret = @(Get-GuestSecret -Option $Option)
    for ($index = 0; $index -lt $Record.Count; $index += $Option['throttle']) {
        $batch = $Record.GetRange($index, [math]::Min($Option['throttle'], $Record.Count - $index))
        Open-GuestSession -Record $batch @opening
        try {
            foreach ($reply in @(Invoke-GuestScript -Record $batch @running)) {
                Set-GuestReply -Result $reply.Record.Result -Reply $reply -Task $Task -Timeout $Option['timeout'] -Secret $secret
            }
        } finally {
            Close-GuestSession -Record $batch
        }
    }
    Add-GuestHint -Record $Record -ConfigurationName ([string]$Option['configuration_name'])
    foreach ($item in $Record) {
        if ($null -ne $item.Error) {
            Set-GuestFailure -Result $item.Result -Reason (Get-GuestReason -Record $item) -Text $item.Error
        }
    }
}

Export-ModuleMember -Function Invoke-GuestTaskOnRecord, New-GuestTask
