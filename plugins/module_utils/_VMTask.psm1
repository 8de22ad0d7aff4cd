# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMSelection

# How the modules begin and end: numbers within their limits, the selected virtual machines, and what came of them.

Function Confirm-OptionLimit {
    <#
    .SYNOPSIS
    Fails the module on a number that is too small, before anything is read.

    .PARAMETER Module
    The running module.

    .PARAMETER Limit
    The smallest value by the name of the option.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module,

        [Parameter(Mandatory = $true)]
        [System.Collections.Specialized.OrderedDictionary]
        $Limit
    )

    foreach ($entry in $Limit.GetEnumerator()) {
        if ($Module.Params[$entry.Key] -lt $entry.Value) {
            $Module.FailJson("$($entry.Key) must be $($entry.Value) or more.")
        }
    }
}

Function Get-SelectedVM {
    <#
    .SYNOPSIS
    The records that the options of a module select; fails or warns as Confirm-VMSelection does.

    .PARAMETER Module
    The running module.

    .PARAMETER Inventory
    From Get-VMInventory.

    .PARAMETER Selection
    From ConvertTo-VMSelection.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Generic.List[object]])]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Inventory,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Selection
    )

    $unmatched = New-Object -TypeName 'System.Collections.Generic.List[string]'
    $records = Select-InventoryVM -Inventory $Inventory -Selection $Selection -Unmatched $unmatched
    Confirm-VMSelection -Module $Module -Inventory $Inventory -Selected $records -Unmatched $unmatched
    return , $records
}

Function Confirm-VMResult {
    <#
    .SYNOPSIS
    Counts the results of virtual machines into the summary, and fails the module if one of them failed.

    .DESCRIPTION
    The last thing that a module does before it exits: all that could be done has been done by then.

    .PARAMETER Module
    The running module, with the results in vms of its result.

    .PARAMETER Unchanged
    What the summary calls those that neither failed nor changed. Without it, neither these nor the changed ones are counted.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module,

        [string]
        $Unchanged = ''
    )

    $summary = $Module.Result.summary
    $reasons = New-Object -TypeName 'System.Collections.Generic.List[string]'
    foreach ($vm in $Module.Result.vms) {
        $summary.vms++
        if ($vm['changed']) {
            $Module.Result.changed = $true
        }
        if ($vm['failed']) {
            $summary.failed++
            $reasons.Add("'$($vm['name'])' ($($vm['id'])): $($vm['msg'])")
        } elseif ($Unchanged -ne '') {
            if ($vm['changed']) {
                $summary.changed++
            } else {
                $summary[$Unchanged]++
            }
        }
    }
    if ($reasons.Count -gt 0) {
        $Module.FailJson("Failed for $($reasons.Count) of $($summary.vms) virtual machines: $($reasons -join '; ')")
    }
}

Export-ModuleMember -Function Confirm-OptionLimit, Confirm-VMResult, Get-SelectedVM
