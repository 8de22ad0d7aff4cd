#!powershell

# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._KeyValueChange
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._KeyValueItem
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._KeyValuePair
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._KeyValuePlan
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._KeyValueReport
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMSelection
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMTask

$spec = @{
    options = @{
        all = @{ type = 'bool'; default = $false }
        chunked = @{ type = 'bool'; default = $false }
        exclude = @{ type = 'list'; elements = 'str' }
        items = @{ type = 'dict' }
        items_by_vm = @{ type = 'dict' }
        missing = @{ type = 'str'; choices = @('fail', 'warn', 'ignore'); default = 'fail' }
        name = @{ type = 'list'; elements = 'str' }
        name_pattern = @{ type = 'list'; elements = 'str' }
        no_log_values = @{ type = 'bool'; default = $false }
        policies = @{
            type = 'list'
            elements = 'dict'
            options = @{
                all = @{ type = 'bool'; default = $false }
                exclude = @{ type = 'list'; elements = 'str' }
                items = @{ type = 'dict'; required = $true }
                name = @{ type = 'list'; elements = 'str' }
                name_pattern = @{ type = 'list'; elements = 'str' }
                vm_id = @{ type = 'list'; elements = 'str' }
                vm_state = @{
                    type = 'list'
                    elements = 'str'
                    choices = @(
                        'hibernated', 'off', 'off_critical', 'paused', 'paused_critical', 'running', 'running_critical', 'saved', 'saved_critical',
                        'starting', 'stopping'
                    )
                }
            }
        }
        prefix = @{ type = 'str' }
        purge_all = @{ type = 'bool'; default = $false }
        scope = @{ type = 'str'; choices = @('guest', 'host_only'); default = 'guest' }
        state = @{ type = 'str'; choices = @('present', 'absent', 'exact'); default = 'present' }
        timeout = @{ type = 'int'; default = 60 }
        verify = @{ type = 'bool'; default = $false }
        vm_id = @{ type = 'list'; elements = 'str' }
        vm_state = @{
            type = 'list'
            elements = 'str'
            choices = @(
                'hibernated', 'off', 'off_critical', 'paused', 'paused_critical', 'running', 'running_critical', 'saved', 'saved_critical',
                'starting', 'stopping'
            )
        }
    }
    mutually_exclusive = @(
        @('policies', 'items'),
        @('policies', 'all'),
        @('policies', 'exclude'),
        @('policies', 'name'),
        @('policies', 'name_pattern'),
        @('policies', 'vm_id'),
        @('policies', 'vm_state'),
        @('prefix', 'purge_all')
    )
    required_one_of = @(
        , @('items', 'items_by_vm', 'policies')
    )
    # Values may be secret, so they never go to the event log of the host.
    no_log = $true
    supports_check_mode = $true
}

$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)

$module.Result.changed = $false
$module.Result.vms = @()
$module.Result.unmatched = @()
$module.Result.summary = [ordered]@{ vms = 0; compliant = 0; changed = 0; failed = 0; unmatched = 0; added = 0; modified = 0; removed = 0 }
$module.Diff.before = ''
$module.Diff.after = ''

Function Read-KeyValueRecord {
    <#
    .SYNOPSIS
    Reads what the host holds for records, and whether their guests are in contact; fails the module if it cannot.

    .PARAMETER Module
    The running module.

    .PARAMETER Record
    Records from Select-KeyValueVM.

    .PARAMETER Option
    From Get-KeyValueOption.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Option
    )

    # Which system a guest runs is asked only where it matters: an item is too long for Linux.
    $lists = @(if ($Option.Wide.Count -gt 0) { 'GuestIntrinsicExchangeItems' })
    try {
        Read-KeyValueSetting -Record $Record
        if ($Option.Source -eq 0) {
            Read-KeyValueComponent -Record $Record -Property $lists
        }
    } catch {
        $Module.FailJson((Get-CimErrorText -ErrorRecord $_), $_)
    }
    foreach ($item in $Record) {
        if ($null -eq $item.Error) {
            $item.Table = ConvertTo-KeyValueTable -Pair (ConvertFrom-KeyValueText -Text $item.Kvp[$Option.Property])
        }
    }
}

if ($module.Params['no_log_values']) {
    Hide-ItemValue -Module $module
}
$options = Get-KeyValueOption -Module $module
$policies = @(Get-KeyValuePolicy -Module $module -Option $options)
$byVM = if ($null -ne $module.Params['items_by_vm']) { Get-KeyValueItemByVM -Module $module -Option $options } else { $null }
$inventory = Get-VMInventory -Module $module
$unmatched = New-Object -TypeName 'System.Collections.Generic.List[string]'
$records = Select-KeyValueVM -Policy $policies -ByVM $byVM -Inventory $inventory -Unmatched $unmatched
Confirm-VMSelection -Module $module -Inventory $inventory -Selected $records -Unmatched $unmatched
Confirm-KeyValueLimit -Module $module -Record $records -Option $options

Read-KeyValueRecord -Module $module -Record $records -Option $options
Confirm-GuestLimit -Module $module -Record $records -Option $options
Set-KeyValueDelivery -Record $records -Option $options
Set-KeyValuePlan -Record $records -Option $options
$toChange = New-Object -TypeName 'System.Collections.Generic.List[object]'
foreach ($record in $records) {
    if ($record.Plan.Count -gt 0) {
        $toChange.Add($record)
    }
}

if ($toChange.Count -gt 0 -and -not $module.CheckMode) {
    try {
        $management = Get-KeyValueManagement
    } catch {
        $module.FailJson((Get-CimErrorText -ErrorRecord $_), $_)
    }
    Invoke-KeyValuePlan -Record $toChange -Management $management -Option $options
}
# After the changes, so that one that failed is not shown as done.
$module.Diff.before = Get-KeyValueDiff -Record $toChange -NoLog $options.NoLog
$module.Diff.after = Get-KeyValueDiff -Record $toChange -NoLog $options.NoLog -After
if ($module.Params['verify']) {
    try {
        Wait-KeyValueDelivery -Record $records -Option $options
    } catch {
        $module.Warn("Whether guests are in contact could not be read. $(Get-CimErrorText -ErrorRecord $_)")
    }
}
Write-DeliveryWarning -Module $module -Record $records

$module.Result.vms = @(ConvertTo-KeyValueResult -Record $records)
$summary = $module.Result.summary
foreach ($vm in $module.Result.vms) {
    $summary.added += $vm.added.Length
    $summary.modified += $vm.modified.Length
    $summary.removed += $vm.removed.Length
}
Confirm-VMResult -Module $module -Unchanged compliant
$module.ExitJson()
