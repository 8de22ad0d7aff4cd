# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._IntegrationService
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMPolicy

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

    foreach ($policy in @(Get-VMPolicy -Module $Module -Option services)) {
        $policy.Desired = ConvertTo-ServiceMap -Module $Module -Service $policy.Value -Context $policy.Context
        $policy
    }
}

Function Set-RecordPlan {
    <#
    .SYNOPSIS
    Compares the services of records with the desired ones: Previous holds what is, Plan the steps to take.

    .DESCRIPTION
    A virtual machine without one of the named services is not changed at all and gets an Error.

    .PARAMETER Record
    Records with Desired from Select-DesiredVM and Services from Read-IntegrationService.
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

Export-ModuleMember -Function Get-ServicePolicy, Set-RecordPlan
