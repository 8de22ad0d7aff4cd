#!powershell

# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._KeyValueGuest
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._KeyValuePair
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMSelection
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMTask

$spec = @{
    options = @{
        all = @{ type = 'bool'; default = $false }
        exclude = @{ type = 'list'; elements = 'str' }
        keys = @{ type = 'list'; elements = 'str'; no_log = $false }
        missing = @{ type = 'str'; choices = @('fail', 'warn', 'ignore'); default = 'fail' }
        name = @{ type = 'list'; elements = 'str' }
        name_pattern = @{ type = 'list'; elements = 'str' }
        sources = @{
            type = 'list'
            elements = 'str'
            choices = @('host', 'host_only', 'guest', 'intrinsic')
            default = @('host', 'host_only', 'guest', 'intrinsic')
        }
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
    # Values may be secret, so they never go to the event log of the host.
    no_log = $true
    supports_check_mode = $true
}

$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)

$module.Result.vms = @()
$module.Result.unmatched = @()
$module.Result.summary = [ordered]@{ vms = 0; failed = 0; unmatched = 0; no_guest_data = 0 }

Function Read-KeyValueSource {
    <#
    .SYNOPSIS
    Reads the demanded sources with at most two queries; fails the module if the host cannot be asked.

    .PARAMETER Module
    The running module.

    .PARAMETER Record
    Records from Select-InventoryVM.

    .PARAMETER Source
    The demanded sources.
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
        [AllowEmptyCollection()]
        [string[]]
        $Source
    )

    # Only what was asked for: the host collects what the guests report one by one.
    $properties = @(
        if ($Source -contains 'guest') {
            'GuestExchangeItems'
        }
        if ($Source -contains 'intrinsic') {
            'GuestIntrinsicExchangeItems'
        }
    )
    try {
        Read-KeyValueSetting -Record $Record
        Read-KeyValueComponent -Record $Record -Property $properties
    } catch {
        $Module.FailJson((Get-CimErrorText -ErrorRecord $_), $_)
    }
}

Function ConvertTo-KeyValueInfo {
    <#
    .SYNOPSIS
    The key-value pairs of virtual machines as plain data.

    .PARAMETER Record
    Records after Read-KeyValueSource.

    .PARAMETER Source
    The demanded sources.

    .PARAMETER Key
    The demanded keys; null demands all.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [string[]]
        $Source,

        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [object]
        $Key
    )

    $lists = [ordered]@{ host = 'Host'; host_only = 'HostOnly'; guest = 'Guest'; intrinsic = 'Intrinsic' }
    foreach ($item in $Record) {
        $kvp = if ($null -eq $item.Error) { $item.Kvp } else { $null }
        $info = [ordered]@{
            name = $item.Name
            id = $item.Id
            state = $item.State
            failed = $null -ne $item.Error
            msg = [string]$item.Error
            enabled = if ($null -ne $kvp) { $kvp.Enabled } else { $null }
            status = if ($null -ne $kvp) { $kvp.Status } else { $null }
            no_guest_data = if ($null -ne $kvp) { Get-SilenceReason -Record $item } else { $null }
        }
        $duplicates = New-Object -TypeName 'System.Collections.Generic.List[object]'
        foreach ($name in $lists.Keys) {
            if ($Source -notcontains $name) {
                continue
            }
            $pairs = ConvertFrom-KeyValueText -Text $(if ($null -ne $kvp) { $kvp[$lists[$name]] })
            if ($name -eq 'intrinsic') {
                $info['guest_info'] = ConvertTo-GuestInfo -Table (ConvertTo-KeyValueTable -Pair $pairs)
            }
            $pairs = Select-KeyValuePair -Pair $pairs -Key $Key
            $info[$name] = ConvertTo-KeyValueTable -Pair $pairs
            foreach ($duplicate in @(Get-DuplicatePair -Pair $pairs -Source $name)) {
                $duplicates.Add($duplicate)
            }
        }
        $info['duplicates'] = $duplicates.ToArray()
        $info
    }
}

$sources = [string[]]@($module.Params['sources'])
$selection = ConvertTo-VMSelection -Module $module -Parameter $module.Params -DefaultToAll
$inventory = Get-VMInventory -Module $module
$records = Get-SelectedVM -Module $module -Inventory $inventory -Selection $selection

Read-KeyValueSource -Module $module -Record $records -Source $sources

$module.Result.vms = @(ConvertTo-KeyValueInfo -Record $records -Source $sources -Key $module.Params['keys'])
$summary = $module.Result.summary
foreach ($vm in $module.Result.vms) {
    if ($null -ne $vm.no_guest_data) {
        $summary.no_guest_data++
    }
}
Confirm-VMResult -Module $module
$module.ExitJson()
