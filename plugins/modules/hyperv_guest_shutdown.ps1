#!powershell

# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestPower
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._IntegrationService
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMDiff
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMSelection
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMTask

$spec = @{
    options = @{
        all = @{ type = 'bool'; default = $false }
        close_applications = @{ type = 'bool'; default = $false }
        exclude = @{ type = 'list'; elements = 'str' }
        force = @{ type = 'bool'; default = $false }
        interval = @{ type = 'int'; default = 5 }
        missing = @{ type = 'str'; choices = @('fail', 'warn', 'ignore'); default = 'fail' }
        name = @{ type = 'list'; elements = 'str' }
        name_pattern = @{ type = 'list'; elements = 'str' }
        state = @{ type = 'str'; required = $true; choices = @('off', 'restarted') }
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
    }
    supports_check_mode = $true
}

$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)

$module.Result.changed = $false
$module.Result.vms = @()
$module.Result.unmatched = @()
$module.Result.summary = [ordered]@{ vms = 0; compliant = 0; changed = 0; failed = 0; unmatched = 0 }
$module.Diff.before = ''
$module.Diff.after = ''

Function Test-PowerChange {
    <#
    .SYNOPSIS
    Whether a virtual machine is or would be changed.

    .PARAMETER Record
    A record with a Power.

    .PARAMETER Planned
    Ask for what is planned, not for what was done.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record,

        [switch]
        $Planned
    )

    $power = $Record.Power
    if ($Planned) {
        # One that is stopping already is only started afterwards.
        return $null -eq $Record.Error -and (@('shutdown', 'turn_off', 'start') -contains $power.Action -or ($power.Action -eq 'wait' -and $power.Start))
    }
    return $power.Method -ne 'none'
}

Function Get-DiffText {
    <#
    .SYNOPSIS
    The states that differ, virtual machine by virtual machine, as YAML: before or after.

    .PARAMETER Record
    Records with a Power.

    .PARAMETER Planned
    Show what is planned, not what was done.

    .PARAMETER After
    Show the state after instead of the one before.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [switch]
        $Planned,

        [switch]
        $After
    )

    $lines = New-Object -TypeName 'System.Collections.Generic.List[string]'
    foreach ($item in $Record) {
        $power = $item.Power
        if (-not (Test-PowerChange -Record $item -Planned:$Planned) -or -not ($Planned -or $power.Done)) {
            continue
        }
        $lines.Add((Get-VMDiffHeading -Record $item))
        $state = if (-not $After) { $power.Previous } elseif ($power.Start) { 'running' } else { 'off' }
        $lines.Add("  state: '$state'")
        if ($After -and $power.Start -and @('start', 'wait') -notcontains $power.Action) {
            $lines.Add('  restarted: true')
        }
    }
    return Join-DiffLine -Line $lines
}

Function ConvertTo-VMResult {
    <#
    .SYNOPSIS
    The results of virtual machines as plain data.

    .PARAMETER Record
    Records with a Power.

    .PARAMETER Planned
    Report what is planned, not what was done.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [switch]
        $Planned
    )

    foreach ($item in $Record) {
        $power = $item.Power
        $changed = Test-PowerChange -Record $item -Planned:$Planned
        $state = $item.State
        $method = $power.Method
        if ($Planned -and $changed) {
            $state = if ($power.Start) { 'running' } else { 'off' }
            $method = if ($power.Action -eq 'wait') { 'start' } else { $power.Action }
        }
        [ordered]@{
            name = $item.Name
            id = $item.Id
            previous_state = $power.Previous
            state = $state
            method = $method
            elapsed = $power.Elapsed
            changed = $changed
            failed = $null -ne $item.Error
            msg = [string]$item.Error
        }
    }
}

Confirm-OptionLimit -Module $module -Limit ([ordered]@{ interval = 1; timeout = 1 })
$selection = ConvertTo-VMSelection -Module $module -Parameter $module.Params
$inventory = Get-VMInventory -Module $module
$records = Get-SelectedVM -Module $module -Inventory $inventory -Selection $selection

Read-IntegrationService -Record $records
$force = $module.Params.force
Set-PowerPlan -Record $records -State $module.Params.state -Force $force
$planned = [bool]$module.CheckMode
if (-not $planned -and $records.Count -gt 0) {
    $options = @{
        CloseApplication = $module.Params.close_applications
        Timeout = $module.Params.timeout
        Interval = $module.Params.interval
        Force = $force
    }
    Invoke-PowerPlan -Record $records @options
}

$module.Diff.before = Get-DiffText -Record $records -Planned:$planned
$module.Diff.after = Get-DiffText -Record $records -Planned:$planned -After
$module.Result.vms = @(ConvertTo-VMResult -Record $records -Planned:$planned)
Confirm-VMResult -Module $module -Unchanged compliant
$module.ExitJson()
