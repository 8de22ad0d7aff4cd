# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._IntegrationService
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMSelection

Function Get-ServicePolicy {
    <#
    .SYNOPSIS
    The checked policies in order; the short form of the options is one policy.

    .PARAMETER Module
    The running module.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module
    )

    if ($null -eq $Module.Params['policies']) {
        return @{
            Selection = ConvertTo-VMSelection -Module $Module -Parameter $Module.Params
            Services = ConvertTo-ServiceMap -Module $Module -Service $Module.Params['services']
        }
    }
    $number = 0
    foreach ($policy in $Module.Params['policies']) {
        $number++
        $context = "policies, entry ${number}: "
        @{
            Selection = ConvertTo-VMSelection -Module $Module -Parameter $policy -Context $context
            Services = ConvertTo-ServiceMap -Module $Module -Service $policy['services'] -Context $context
        }
    }
}

Function Get-DesiredService {
    <#
    .SYNOPSIS
    Puts the desired state of each service into the records that any policy means and returns these; the last match wins.

    .PARAMETER Policy
    The policies in order, from Get-ServicePolicy.

    .PARAMETER Inventory
    From Get-VMInventory.

    .PARAMETER Unmatched
    Receives each name and id that no virtual machine has, once.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Generic.List[object]])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [object[]]
        $Policy,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Inventory,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[string]]
        $Unmatched
    )

    foreach ($entry in $Policy) {
        $selected = Select-InventoryVM -Inventory $Inventory -Selection $entry.Selection -Unmatched $Unmatched
        foreach ($record in $selected) {
            if (-not $record.ContainsKey('Desired')) {
                $record.Desired = @{}
            }
            foreach ($key in $entry.Services.Keys) {
                $record.Desired[$key] = $entry.Services[$key]
            }
        }
    }
    $records = New-Object -TypeName 'System.Collections.Generic.List[object]'
    foreach ($record in $Inventory.Records) {
        if ($record.ContainsKey('Desired')) {
            $records.Add($record)
        }
    }
    return , $records
}

Function Set-RecordPlan {
    <#
    .SYNOPSIS
    Compares the services of records with the desired ones: Previous holds what is, Plan the steps to take.

    .DESCRIPTION
    A virtual machine without one of the named services is not changed at all and gets an Error.

    .PARAMETER Record
    Records with Desired from Get-DesiredService and Services from Read-IntegrationService.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record
    )

    $keys = @((Get-ServiceComponent).Keys)
    foreach ($item in $Record) {
        $item.Plan = New-Object -TypeName 'System.Collections.Generic.List[object]'
        $item.Previous = @{}
        if ($null -ne $item.Error) {
            continue
        }
        foreach ($key in $keys) {
            if (-not $item.Desired.ContainsKey($key)) {
                continue
            }
            $service = $item.Services[$key]
            $wanted = $item.Desired[$key]
            if ($null -eq $service) {
                $item.Error = "${key}: the host reports no such component for it"
                $item.Plan.Clear()
                break
            }
            $item.Previous[$key] = $service.Enabled
            if ($service.Enabled -ne $wanted) {
                $item.Plan.Add(@{ Key = $key; Component = $service.Component; Wanted = $wanted; Done = $true })
            }
        }
    }
}

Export-ModuleMember -Function Get-DesiredService, Get-ServicePolicy, Set-RecordPlan
