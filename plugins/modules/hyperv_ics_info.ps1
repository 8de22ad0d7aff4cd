#!powershell

# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestInfo
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestSession
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._IntegrationService
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMSelection
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMTask

$spec = @{
    options = @{
        all = @{ type = 'bool'; default = $false }
        configuration_name = @{ type = 'str' }
        exclude = @{ type = 'list'; elements = 'str' }
        guest = @{ type = 'bool'; default = $false }
        guest_password = @{ type = 'str'; no_log = $true }
        guest_username = @{ type = 'str' }
        logon_retries = @{ type = 'int'; default = 0 }
        measure_clock = @{ type = 'bool'; default = $false }
        missing = @{ type = 'str'; choices = @('fail', 'warn', 'ignore'); default = 'fail' }
        name = @{ type = 'list'; elements = 'str' }
        name_pattern = @{ type = 'list'; elements = 'str' }
        retries = @{ type = 'int'; default = 0 }
        retry_delay = @{ type = 'int'; default = 5 }
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

$module.Result.vms = @()
$module.Result.unmatched = @()
$module.Result.summary = [ordered]@{ vms = 0; failed = 0; unmatched = 0; states = [ordered]@{}; services = [ordered]@{} }

Function Read-VMDetail {
    <#
    .SYNOPSIS
    Reads the facts that are reported beside the services into the Detail of records.

    .PARAMETER Record
    Records from Select-InventoryVM.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record
    )

    # Microsoft.HyperV.PowerShell.VMHeartbeatStatus and VMReplicationMode
    $heartbeats = @{
        0 = 'unknown'
        1 = 'disabled'
        2 = 'no_contact'
        3 = 'error'
        4 = 'lost_communication'
        5 = 'ok_applications_unknown'
        6 = 'ok_applications_healthy'
        7 = 'ok_applications_critical'
        8 = 'paused'
    }
    $replicationModes = @{ 0 = 'none'; 1 = 'primary'; 2 = 'replica'; 3 = 'test_replica'; 4 = 'extended_replica' }

    foreach ($item in $Record) {
        $detail = @{ Generation = $null; Notes = $null; Host = $null; Heartbeat = $null; ReplicationMode = $null }
        $item.Detail = $detail
        if ($null -ne $item.Error) {
            continue
        }
        $vm = $item.VM
        try {
            $detail.Host = [string]$vm.ComputerName
            $detail.Generation = [int]$vm.Generation
            $detail.Notes = [string]$vm.Notes
            $detail.ReplicationMode = $replicationModes[[int]$vm.ReplicationMode]
            $heartbeat = $vm.Heartbeat
            if ($null -ne $heartbeat) {
                $detail.Heartbeat = $heartbeats[[int]$heartbeat]
            }
        } catch {
            $item.Error = "cannot be read: $($_.Exception.Message)"
        }
    }
}

Function ConvertTo-VMInfo {
    <#
    .SYNOPSIS
    The facts about virtual machines as plain data.

    .PARAMETER Record
    Records after Read-VMDetail and Read-IntegrationService.
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
        $services = [ordered]@{}
        foreach ($key in $components.Keys) {
            $service = $item.Services[$key]
            if ($null -ne $service) {
                $services[$key] = [ordered]@{
                    enabled = $service.Enabled
                    status = $service.Status
                    secondary_status = $service.SecondaryStatus
                    component_id = $components[$key]
                }
            }
        }
        $info = [ordered]@{
            name = $item.Name
            id = $item.Id
            host = $item.Detail.Host
            state = $item.State
            generation = $item.Detail.Generation
            notes = $item.Detail.Notes
            replication_mode = $item.Detail.ReplicationMode
            heartbeat = $item.Detail.Heartbeat
            failed = $null -ne $item.Error
            msg = [string]$item.Error
            services = $services
        }
        if ($item.ContainsKey('GuestInfo')) {
            $info.guest = $item.GuestInfo
        }
        $info
    }
}

Function Get-ServiceSummary {
    <#
    .SYNOPSIS
    Counts for each service how often it is enabled, disabled, and enabled with a status that says it works.

    .PARAMETER Info
    The facts about all virtual machines, from ConvertTo-VMInfo.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [object[]]
        $Info
    )

    $summary = [ordered]@{}
    foreach ($key in (Get-ServiceComponent).Keys) {
        $count = [ordered]@{ enabled = 0; disabled = 0; working = 0 }
        foreach ($vm in $Info) {
            $service = $vm.services[$key]
            if ($null -eq $service) {
                continue
            }
            if (-not $service.enabled) {
                $count.disabled++
                continue
            }
            $count.enabled++
            # Degraded runs with an older but compatible protocol.
            if ($service.status -eq 'ok' -or $service.status -eq 'degraded') {
                $count.working++
            }
        }
        $summary[$key] = $count
    }
    return $summary
}

$guest = $module.Params.guest -or $module.Params.measure_clock
Confirm-OptionLimit -Module $module -Limit ([ordered]@{ logon_retries = 0; retries = 0; retry_delay = 0; throttle = 1; timeout = 0 })
$credential = ConvertTo-GuestCredential -Module $module
if ($guest -and $null -eq $credential) {
    $module.FailJson('guest and measure_clock need guest_username: a guest lets nobody in without an account of its own.')
}
$selection = ConvertTo-VMSelection -Module $module -Parameter $module.Params -DefaultToAll
$inventory = Get-VMInventory -Module $module
$records = Get-SelectedVM -Module $module -Inventory $inventory -Selection $selection

Read-VMDetail -Record $records
Read-IntegrationService -Record $records
if ($guest) {
    Read-GuestInfo -Record $records -Module $module -Credential $credential
}

$module.Result.vms = @(ConvertTo-VMInfo -Record $records)
$summary = $module.Result.summary
$summary.services = Get-ServiceSummary -Info $module.Result.vms
foreach ($vm in $module.Result.vms) {
    if (-not $summary.states.Contains($vm.state)) {
        $summary.states[$vm.state] = 0
    }
    $summary.states[$vm.state]++
}
Confirm-VMResult -Module $module
$module.ExitJson()
