#!powershell

# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestResult
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestScript
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestSession
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMSelection
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMTask

$spec = @{
    options = @{
        all = @{ type = 'bool'; default = $false }
        command = @{ type = 'list'; elements = 'str' }
        configuration_name = @{ type = 'str' }
        creates = @{ type = 'str' }
        depth = @{ type = 'int'; default = 2 }
        environment = @{ type = 'dict' }
        error_action = @{ type = 'str'; choices = @('continue', 'silently_continue', 'stop'); default = 'continue' }
        exclude = @{ type = 'list'; elements = 'str' }
        guest_password = @{ type = 'str'; no_log = $true }
        guest_username = @{ type = 'str' }
        logon_retries = @{ type = 'int'; default = 0 }
        missing = @{ type = 'str'; choices = @('fail', 'warn', 'ignore'); default = 'fail' }
        name = @{ type = 'list'; elements = 'str' }
        name_pattern = @{ type = 'list'; elements = 'str' }
        parameters = @{ type = 'dict' }
        removes = @{ type = 'str' }
        retries = @{ type = 'int'; default = 0 }
        retry_delay = @{ type = 'int'; default = 5 }
        script = @{ type = 'str' }
        script_path = @{ type = 'str' }
        sensitive_parameters = @{
            type = 'list'
            elements = 'dict'
            options = @{
                name = @{ type = 'str'; required = $true }
                password = @{ type = 'str'; no_log = $true }
                username = @{ type = 'str' }
                value = @{ type = 'str'; no_log = $true }
            }
            mutually_exclusive = @(
                @('value', 'username'),
                @('value', 'password')
            )
            required_one_of = @(
                , @('username', 'value')
            )
            required_together = @(
                , @('username', 'password')
            )
        }
        throttle = @{ type = 'int'; default = 2 }
        timeout = @{ type = 'int'; default = 600 }
        unless = @{ type = 'str' }
        vm_id = @{ type = 'list'; elements = 'str' }
        vm_state = @{
            type = 'list'
            elements = 'str'
            choices = @(
                'hibernated', 'off', 'off_critical', 'paused', 'paused_critical', 'running', 'running_critical', 'saved', 'saved_critical',
                'starting', 'stopping'
            )
        }
        working_directory = @{ type = 'str' }
    }
    mutually_exclusive = @(
        @('command', 'script', 'script_path'),
        @('command', 'parameters'),
        @('command', 'sensitive_parameters')
    )
    required_one_of = @(
        , @('command', 'script', 'script_path')
    )
    supports_check_mode = $true
}

$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)

$module.Result.changed = $false
$module.Result.vms = @()
$module.Result.unmatched = @()
$module.Result.summary = [ordered]@{ vms = 0; changed = 0; skipped = 0; failed = 0; unmatched = 0 }

if ($module.Result.ContainsKey('invocation') -and $null -ne $module.Params.script) {
    # Before ansible-core 2.20 the module itself reports the invocation. The script may come from a file of a vault.
    $module.Result['invocation']['module_args']['script'] = $null
}
Confirm-OptionLimit -Module $module -Limit ([ordered]@{ depth = 1; logon_retries = 0; retries = 0; retry_delay = 0; throttle = 1; timeout = 0 })
if ($null -ne $module.Params.script_path) {
    $module.FailJson('script_path is read by the action plugin hyperv.integration.hyperv_direct_exec, which has not run. Use that name for the task.')
}
if ($null -ne $module.Params.command -and ($module.Params.command.Count -eq 0 -or $module.Params.command[0] -eq '')) {
    $module.FailJson('command names no program.')
}
if ($null -eq $module.Params.command -and [string]::IsNullOrWhiteSpace($module.Params.script)) {
    $module.FailJson('The script is empty: there is nothing to run.')
}
$credential = ConvertTo-GuestCredential -Module $module -Needed
$task = New-GuestTask -Module $module -Script ([string]$module.Params.script)
$selection = ConvertTo-VMSelection -Module $module -Parameter $module.Params
$inventory = Get-VMInventory -Module $module
$records = Get-SelectedVM -Module $module -Inventory $inventory -Selection $selection

foreach ($record in $records) {
    $record.Result = New-GuestResult -Record $record
    if ($null -eq $task) {
        $record.Result.skipped = $true
        $record.Result.msg = 'skipped, check mode: give creates, removes or unless, or a script that supports check mode'
    }
}
if ($null -ne $task) {
    Invoke-GuestTaskOnRecord -Record $records -Task $task -Credential $credential -Option $module.Params
}

$module.Result.vms = @(foreach ($record in $records) { $record.Result })
$summary = $module.Result.summary
foreach ($vm in $module.Result.vms) {
    if ($vm.changed) {
        $summary.changed++
    }
    if ($vm.skipped) {
        $summary.skipped++
    }
}
Confirm-VMResult -Module $module
$module.ExitJson()
