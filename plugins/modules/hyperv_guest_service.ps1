#!powershell

# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestError
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestServicePlan
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestSession
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMSelection
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMTask

$spec = @{
    options = @{
        all = @{ type = 'bool'; default = $false }
        allow_lockout = @{ type = 'bool'; default = $false }
        configuration_name = @{ type = 'str' }
        exclude = @{ type = 'list'; elements = 'str' }
        guest_password = @{ type = 'str'; no_log = $true }
        guest_username = @{ type = 'str' }
        logon_retries = @{ type = 'int'; default = 0 }
        missing = @{ type = 'str'; choices = @('fail', 'warn', 'ignore'); default = 'fail' }
        name = @{ type = 'list'; elements = 'str' }
        name_pattern = @{ type = 'list'; elements = 'str' }
        retries = @{ type = 'int'; default = 0 }
        retry_delay = @{ type = 'int'; default = 5 }
        services = @{
            type = 'dict'
            required = $true
            options = @{
                guest_service_interface = @{
                    type = 'dict'
                    options = @{
                        start_mode = @{ type = 'str'; choices = @('automatic', 'disabled', 'manual') }
                        state = @{ type = 'str'; choices = @('restarted', 'started', 'stopped') }
                    }
                    required_one_of = @(, @('start_mode', 'state'))
                }
                heartbeat = @{
                    type = 'dict'
                    options = @{
                        start_mode = @{ type = 'str'; choices = @('automatic', 'disabled', 'manual') }
                        state = @{ type = 'str'; choices = @('restarted', 'started', 'stopped') }
                    }
                    required_one_of = @(, @('start_mode', 'state'))
                }
                key_value_pair_exchange = @{
                    type = 'dict'
                    no_log = $false
                    options = @{
                        start_mode = @{ type = 'str'; choices = @('automatic', 'disabled', 'manual') }
                        state = @{ type = 'str'; choices = @('restarted', 'started', 'stopped') }
                    }
                    required_one_of = @(, @('start_mode', 'state'))
                }
                powershell_direct = @{
                    type = 'dict'
                    options = @{
                        start_mode = @{ type = 'str'; choices = @('automatic', 'disabled', 'manual') }
                        state = @{ type = 'str'; choices = @('restarted', 'started', 'stopped') }
                    }
                    required_one_of = @(, @('start_mode', 'state'))
                }
                shutdown = @{
                    type = 'dict'
                    options = @{
                        start_mode = @{ type = 'str'; choices = @('automatic', 'disabled', 'manual') }
                        state = @{ type = 'str'; choices = @('restarted', 'started', 'stopped') }
                    }
                    required_one_of = @(, @('start_mode', 'state'))
                }
                time_synchronization = @{
                    type = 'dict'
                    options = @{
                        start_mode = @{ type = 'str'; choices = @('automatic', 'disabled', 'manual') }
                        state = @{ type = 'str'; choices = @('restarted', 'started', 'stopped') }
                    }
                    required_one_of = @(, @('start_mode', 'state'))
                }
                vss = @{
                    type = 'dict'
                    options = @{
                        start_mode = @{ type = 'str'; choices = @('automatic', 'disabled', 'manual') }
                        state = @{ type = 'str'; choices = @('restarted', 'started', 'stopped') }
                    }
                    required_one_of = @(, @('start_mode', 'state'))
                }
            }
        }
        throttle = @{ type = 'int'; default = 2 }
        timeout = @{ type = 'int'; default = 600 }
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

Function ConvertTo-VMResult {
    <#
    .SYNOPSIS
    The results of virtual machines as plain data; services as they are, or in check mode as they would be.

    .PARAMETER Record
    The records.

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
        $services = [ordered]@{}
        if ($null -ne $item.Guest) {
            foreach ($key in $item.Guest.Services.Keys) {
                $service = $item.Guest.Services[$key]
                $services[$key] = [ordered]@{ present = $service.Present; start_mode = $service.StartMode; running = $service.Running }
            }
        }
        foreach ($step in $item.Plan) {
            if ($Planned -and $step.Option -eq 'start_mode') {
                $services[$step.Key].start_mode = $step.After
            } elseif ($Planned) {
                $services[$step.Key].running = $step.After -ne 'stopped'
            }
        }
        $failed = $null -ne $item.Error
        [ordered]@{
            name = $item.Name
            id = $item.Id
            state = $item.State
            changed = $item.Unknown -or @($item.Plan | Where-Object { $Planned -or $_.Done }).Count -gt 0
            failed = $failed
            reason = if ($failed) { Get-GuestReason -Record $item } else { '' }
            msg = [string]$item.Error
            integration_services_version = if ($null -ne $item.Guest) { $item.Guest.Version } else { $null }
            services = $services
        }
    }
}

Confirm-OptionLimit -Module $module -Limit ([ordered]@{ logon_retries = 0; retries = 0; retry_delay = 0; throttle = 1; timeout = 0 })
$credential = ConvertTo-GuestCredential -Module $module -Needed
$desired = ConvertTo-GuestServiceMap -Module $module
$selection = ConvertTo-VMSelection -Module $module -Parameter $module.Params
$inventory = Get-VMInventory -Module $module
$records = Get-SelectedVM -Module $module -Inventory $inventory -Selection $selection

$planned = [bool]$module.CheckMode
Invoke-GuestServiceOnRecord -Record $records -Credential $credential -Option $module.Params -Desired $desired -CheckMode:$planned

$module.Diff.before = Get-GuestServiceDiff -Record $records -Planned:$planned -Value Before
$module.Diff.after = Get-GuestServiceDiff -Record $records -Planned:$planned -Value After
$module.Result.vms = @(ConvertTo-VMResult -Record $records -Planned:$planned)
foreach ($record in $records) {
    if (@($record.Plan | Where-Object { $_.Done -and $_.Key -eq 'powershell_direct' -and $_.Option -eq 'state' }).Count -gt 0) {
        $done = if ($desired['powershell_direct'].State -eq 'restarted') { 'restarted' } else { 'stopped' }
        $module.Warn("vmicvmsession was $done in '$($record.Name)' ($($record.Id)) as allow_lockout permits. PowerShell Direct may not reach it any more.")
    }
}
Confirm-VMResult -Module $module -Unchanged compliant
$module.ExitJson()
