#!powershell

# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestReadiness
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestSession
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMSelection
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMTask

$spec = @{
    options = @{
        all = @{ type = 'bool'; default = $false }
        conditions = @{ type = 'list'; elements = 'str'; choices = @('heartbeat', 'ip_address', 'off', 'powershell_direct') }
        configuration_name = @{ type = 'str' }
        exclude = @{ type = 'list'; elements = 'str' }
        guest_password = @{ type = 'str'; no_log = $true }
        guest_username = @{ type = 'str' }
        interval = @{ type = 'int'; default = 5 }
        ip_version = @{ type = 'str'; choices = @('any', 'ipv4', 'ipv6'); default = 'any' }
        kvp = @{
            type = 'list'
            elements = 'dict'
            options = @{
                key = @{ type = 'str'; required = $true; no_log = $false }
                source = @{ type = 'str'; choices = @('guest', 'intrinsic'); default = 'guest' }
                value = @{ type = 'str' }
            }
        }
        logon_attempts = @{ type = 'int'; default = 3 }
        missing = @{ type = 'str'; choices = @('fail', 'warn', 'ignore'); default = 'fail' }
        name = @{ type = 'list'; elements = 'str' }
        name_pattern = @{ type = 'list'; elements = 'str' }
        services = @{
            type = 'list'
            elements = 'str'
            choices = @('guest_service_interface', 'heartbeat', 'key_value_pair_exchange', 'shutdown', 'time_synchronization', 'vss')
        }
        throttle = @{ type = 'int'; default = 2 }
        timeout = @{ type = 'int'; default = 300 }
        vm_id = @{ type = 'list'; elements = 'str' }
        vm_state = @{
            type = 'list'
            elements = 'str'
            choices = @(
                'hibernated', 'off', 'off_critical', 'paused', 'paused_critical', 'running', 'running_critical', 'saved', 'saved_critical',
                'starting', 'stopping'
            )
        }
        vm_timeouts = @{ type = 'dict' }
    }
    required_one_of = @(
        , @('conditions', 'services', 'kvp')
    )
    supports_check_mode = $true
}

$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)

$module.Result.changed = $false
$module.Result.vms = @()
$module.Result.unmatched = @()
$module.Result.polls = 0
$module.Result.elapsed = 0
$module.Result.summary = [ordered]@{ vms = 0; reached = 0; failed = 0; unmatched = 0 }

Function Get-FailureText {
    <#
    .SYNOPSIS
    Says why a virtual machine did not get there, or nothing if it did.

    .PARAMETER Record
    The record after Wait-GuestCondition.

    .PARAMETER LogonAttempts
    How many refused logons end the wait.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record,

        [Parameter(Mandatory = $true)]
        [int]
        $LogonAttempts
    )

    $wait = $Record.Wait
    if ($wait.Reached) {
        return ''
    }
    if ($null -ne $Record.Error) {
        return $Record.Error
    }
    $open = foreach ($state in $wait.Conditions) {
        if (-not $state.met) {
            "$("$($state.condition) $($state.name)".Trim()) ($($state.actual))"
        }
    }
    $reason = "not reached after $($wait.Elapsed) seconds: $($open -join ', ')."
    if ($wait.Refused -ge $LogonAttempts) {
        $reason += " The guest refused $($wait.Refused) logons; no further one was tried, so that the account is not locked out."
    }
    if ($null -ne $Record.Probe) {
        $reason += ' A logon has not returned; it was left alone and ends with the session of this task.'
    }
    if ($null -ne $wait.Trouble) {
        $reason += " $($wait.Trouble.Substring(0, 1).ToUpperInvariant())$($wait.Trouble.Substring(1))"
    }
    return $reason
}

Function ConvertTo-VMResult {
    <#
    .SYNOPSIS
    The results of virtual machines as plain data.

    .PARAMETER Record
    Records after Wait-GuestCondition.

    .PARAMETER LogonAttempts
    How many refused logons end the wait.

    .PARAMETER MayBeOpen
    Not having got there is no failure, as in check mode.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [int]
        $LogonAttempts,

        [switch]
        $MayBeOpen
    )

    foreach ($item in $Record) {
        $failed = -not $item.Wait.Reached -and ($null -ne $item.Error -or -not $MayBeOpen)
        [ordered]@{
            name = $item.Name
            id = $item.Id
            state = $item.State
            reached = $item.Wait.Reached
            elapsed = $item.Wait.Elapsed
            timeout = $item.Wait.Limit
            failed = $failed
            msg = Get-FailureText -Record $item -LogonAttempts $LogonAttempts
            conditions = $item.Wait.Conditions
            progress = $item.Wait.Progress.ToArray()
        }
    }
}

Confirm-OptionLimit -Module $module -Limit ([ordered]@{ interval = 1; throttle = 1; logon_attempts = 1; timeout = 0 })
$conditions = @(ConvertTo-WaitCondition -Module $module)
$credential = ConvertTo-GuestCredential -Module $module
$selection = ConvertTo-VMSelection -Module $module -Parameter $module.Params
$inventory = Get-VMInventory -Module $module
$records = Get-SelectedVM -Module $module -Inventory $inventory -Selection $selection

$limits = ConvertTo-WaitLimit -Module $module -Record $records
foreach ($record in $records) {
    $record.Probe = $null
    $record.Wait = @{
        Limit = $limits[$record.Id]
        Conditions = @(foreach ($condition in $conditions) {
                [ordered]@{ condition = $condition.Kind; name = $condition.Name; met = $null; actual = ''; met_after = $null }
            })
        Progress = New-Object -TypeName 'System.Collections.Generic.List[object]'
        Answer = $null
        Reached = $false
        Elapsed = 0
        Refused = 0
        Trouble = $null
    }
}
$option = @{ Credential = $credential }
if (-not [string]::IsNullOrEmpty($module.Params['configuration_name'])) {
    $option.ConfigurationName = $module.Params['configuration_name']
}
$attempts = $module.Params['logon_attempts']
$probe = @{ Option = $option; ThrottleLimit = $module.Params['throttle']; LogonAttempts = $attempts; Seconds = 0; Skip = $module.CheckMode }
$watch = [System.Diagnostics.Stopwatch]::StartNew()
$polling = @{ Record = $records; Condition = $conditions; Probe = $probe; Interval = $module.Params['interval']; Once = $module.CheckMode }
$module.Result.polls = Wait-GuestCondition @polling
$module.Result.elapsed = [math]::Round($watch.Elapsed.TotalSeconds, 1)

$module.Result.vms = @(ConvertTo-VMResult -Record $records -LogonAttempts $attempts -MayBeOpen:$module.CheckMode)
$summary = $module.Result.summary
foreach ($vm in $module.Result.vms) {
    if ($vm.reached) {
        $summary.reached++
    }
}
Confirm-VMResult -Module $module
$module.ExitJson()
