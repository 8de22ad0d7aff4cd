#!powershell

# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._IntegrationService
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMSelection

$spec = @{
    options = @{
        all = @{ type = 'bool'; default = $false }
        exclude = @{ type = 'list'; elements = 'str' }
        missing = @{ type = 'str'; choices = @('fail', 'warn', 'ignore'); default = 'fail' }
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
    supports_check_mode = $true
}

$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)

$module.Result.vms = @()
$module.Result.unmatched = @()
$module.Result.summary = [ordered]@{ vms = 0; failed = 0; unmatched = 0; states = [ordered]@{}; services = [ordered]@{} }

Function Read-VMDetail {
    <#
    .SYNOPSIS
    Reads the facts that are reported beside the services into the Detail of a record.

    .PARAMETER Record
    A record from Get-VMInventory.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
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

    $detail = @{ Generation = $null; Notes = $null; Host = $null; Heartbeat = $null; ReplicationMode = $null }
    $Record.Detail = $detail
    if ($null -ne $Record.Error) {
        return
    }
    $vm = $Record.VM
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
        $Record.Error = "cannot be read: $($_.Exception.Message)"
    }
}

Function ConvertTo-VMInfo {
    <#
    .SYNOPSIS
    The facts about one virtual machine as plain data.

    .PARAMETER Record
    A record after Read-VMDetail and Read-IntegrationService.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record
    )

    $services = [ordered]@{}
    foreach ($key in Get-ServiceKey) {
        $service = $Record.Services[$key]
        if ($null -ne $service) {
            $services[$key] = [ordered]@{
                enabled = $service.Enabled
                status = $service.Status
                secondary_status = $service.SecondaryStatus
                component_id = Get-ComponentId -Key $key
            }
        }
    }
    return [ordered]@{
        name = $Record.Name
        id = $Record.Id
        host = $Record.Detail.Host
        state = $Record.State
        generation = $Record.Detail.Generation
        notes = $Record.Detail.Notes
        replication_mode = $Record.Detail.ReplicationMode
        heartbeat = $Record.Detail.Heartbeat
        failed = $null -ne $Record.Error
        msg = [string]$Record.Error
        services = $services
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
    foreach ($key in Get-ServiceKey) {
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

$selection = ConvertTo-VMSelection -Module $module -Parameter $module.Params -DefaultToAll
$inventory = Get-VMInventory -Module $module
$unmatched = New-Object -TypeName 'System.Collections.Generic.List[string]'
$records = Select-InventoryVM -Inventory $inventory -Selection $selection -Unmatched $unmatched
$module.Result.unmatched = $unmatched.ToArray()
$module.Result.summary.unmatched = $unmatched.Count
Confirm-VMSelection -Module $module -Inventory $inventory -Selected $records -Unmatched $unmatched

foreach ($record in $records) {
    Read-VMDetail -Record $record
}
Read-IntegrationService -Record $records

$vms = @($records | ForEach-Object { ConvertTo-VMInfo -Record $_ })
$failed = @($vms | Where-Object { $_.failed })
$module.Result.vms = $vms
$module.Result.summary.vms = $vms.Count
$module.Result.summary.failed = $failed.Count
foreach ($vm in $vms) {
    if (-not $module.Result.summary.states.Contains($vm.state)) {
        $module.Result.summary.states[$vm.state] = 0
    }
    $module.Result.summary.states[$vm.state]++
}
$module.Result.summary.services = Get-ServiceSummary -Info $vms

if ($failed.Count -gt 0) {
    $reasons = @($failed | ForEach-Object { "'$($_.name)' ($($_.id)): $($_.msg)" }) -join '; '
    $module.FailJson("Failed for $($failed.Count) of $($vms.Count) virtual machines: $reasons")
}
$module.ExitJson()
