#!powershell

# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._IntegrationService
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._ServicePolicy
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMDiff
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMPolicy
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMSelection
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMTask

$spec = @{
    options = @{
        all = @{ type = 'bool'; default = $false }
        exclude = @{ type = 'list'; elements = 'str' }
        missing = @{ type = 'str'; choices = @('fail', 'warn', 'ignore'); default = 'fail' }
        name = @{ type = 'list'; elements = 'str' }
        name_pattern = @{ type = 'list'; elements = 'str' }
        policies = @{
            type = 'list'
            elements = 'dict'
            options = @{
                all = @{ type = 'bool'; default = $false }
                exclude = @{ type = 'list'; elements = 'str' }
                name = @{ type = 'list'; elements = 'str' }
                name_pattern = @{ type = 'list'; elements = 'str' }
                services = @{ type = 'dict'; required = $true }
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
        services = @{ type = 'dict' }
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
        @('policies', 'services'),
        @('policies', 'all'),
        @('policies', 'exclude'),
        @('policies', 'name'),
        @('policies', 'name_pattern'),
        @('policies', 'vm_id'),
        @('policies', 'vm_state')
    )
    required_one_of = @(
        , @('policies', 'services')
    )
    supports_check_mode = $true
}

$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)

$module.Result.changed = $false
$module.Result.vms = @()
$module.Result.unmatched = @()
$module.Result.summary = [ordered]@{ vms = 0; compliant = 0; changed = 0; failed = 0; unmatched = 0 }
$module.Diff.before = ''
$module.Diff.after = ''

Function Get-DiffText {
    <#
    .SYNOPSIS
    The services that differ, virtual machine by virtual machine, as YAML: before or after the steps that are done.

    .PARAMETER Record
    Records with a Plan.

    .PARAMETER After
    Show the state after the steps instead of the one before.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [switch]
        $After
    )

    $lines = New-Object -TypeName 'System.Collections.Generic.List[string]'
    foreach ($item in $Record) {
        $headed = $false
        foreach ($step in $item.Plan) {
            if (-not $step.Done) {
                continue
            }
            if (-not $headed) {
                $lines.Add((Get-VMDiffHeading -Record $item))
                $lines.Add('  services:')
                $headed = $true
            }
            $value = if ($step.Wanted -eq [bool]$After) { 'true' } else { 'false' }
            $lines.Add("    $($step.Key): $value")
        }
    }
    return Join-DiffLine -Line $lines
}

Function ConvertTo-VMResult {
    <#
    .SYNOPSIS
    The results of virtual machines as plain data.

    .PARAMETER Record
    Records with a Plan, after the steps of the plan.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record
    )

    $components = Get-ServiceComponent
    foreach ($item in $Record) {
        $done = @{}
        foreach ($step in $item.Plan) {
            if ($step.Done) {
                $done[$step.Key] = $true
            }
        }
        $services = [ordered]@{}
        foreach ($key in $components.Keys) {
            if (-not $item.Previous.ContainsKey($key)) {
                continue
            }
            $previous = $item.Previous[$key]
            $changed = $done.ContainsKey($key)
            $current = $item.Services[$key]
            $services[$key] = [ordered]@{
                enabled = $previous -ne $changed
                previous = $previous
                changed = $changed
                status = if ($null -ne $current) { $current.Status } else { $null }
                component_id = $components[$key]
            }
        }
        [ordered]@{
            name = $item.Name
            id = $item.Id
            state = $item.State
            changed = $done.Count -gt 0
            failed = $null -ne $item.Error
            msg = [string]$item.Error
            services = $services
        }
    }
}

$policies = @(Get-ServicePolicy -Module $module)
$inventory = Get-VMInventory -Module $module
$unmatched = New-Object -TypeName 'System.Collections.Generic.List[string]'
$records = Select-DesiredVM -Policy $policies -Inventory $inventory -Unmatched $unmatched
Confirm-VMSelection -Module $module -Inventory $inventory -Selected $records -Unmatched $unmatched

Read-IntegrationService -Record $records
Set-RecordPlan -Record $records
$toChange = New-Object -TypeName 'System.Collections.Generic.List[object]'
foreach ($record in $records) {
    if ($record.Plan.Count -gt 0) {
        $toChange.Add($record)
    }
}
$module.Diff.before = Get-DiffText -Record $toChange
$module.Diff.after = Get-DiffText -Record $toChange -After

if ($toChange.Count -gt 0 -and -not $module.CheckMode) {
    Invoke-ServicePlan -Record $toChange
    # Once more, so that a step that failed is not shown as done.
    $module.Diff.before = Get-DiffText -Record $toChange
    $module.Diff.after = Get-DiffText -Record $toChange -After
}

$module.Result.vms = @(ConvertTo-VMResult -Record $records)
Confirm-VMResult -Module $module -Unchanged compliant
$module.ExitJson()
