# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMSelection

# What all policies have in common: an ordered list of selections, each with a dictionary of what is desired.

Function Get-VMPolicy {
    <#
    .SYNOPSIS
    The policies of a module in order, with checked selections; the short form of the options is one policy.

    .DESCRIPTION
    Each is a hashtable with Selection, Value (what the user gave, unchecked) and Context (for error messages).

    .PARAMETER Module
    The running module, with the options of a selection, policies and the one that Option names.

    .PARAMETER Option
    The option that holds what is desired, in the short form and in each policy.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module,

        [Parameter(Mandatory = $true)]
        [string]
        $Option
    )

    if ($null -eq $Module.Params['policies']) {
        return @{
            Selection = ConvertTo-VMSelection -Module $Module -Parameter $Module.Params
            Value = $Module.Params[$Option]
            Context = ''
        }
    }
    $number = 0
    foreach ($policy in $Module.Params['policies']) {
        $number++
        $context = "policies, entry ${number}: "
        @{
            Selection = ConvertTo-VMSelection -Module $Module -Parameter $policy -Context $context
            Value = $policy[$Option]
            Context = $context
        }
    }
}

Function Add-DesiredState {
    <#
    .SYNOPSIS
    Puts desired states into the Desired of records, over those that an earlier policy put there.

    .PARAMETER Record
    The records that the policy means.

    .PARAMETER Desired
    The desired state by key.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Desired
    )

    foreach ($item in $Record) {
        if (-not $item.ContainsKey('Desired')) {
            $item.Desired = New-Object -TypeName 'System.Collections.Generic.Dictionary[string, object]' -ArgumentList (
                [StringComparer]::OrdinalIgnoreCase)
        }
        foreach ($entry in $Desired.GetEnumerator()) {
            $item.Desired[$entry.Key] = $entry.Value
        }
    }
}

Function Select-DesiredVM {
    <#
    .SYNOPSIS
    Puts the desired states into the records that any policy means and returns these; the last match wins, key by key.

    .PARAMETER Policy
    The policies in order, each with Selection and Desired (a dictionary).

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
        Add-DesiredState -Record $selected -Desired $entry.Desired
    }
    return , (Get-DesiredVM -Inventory $Inventory)
}

Function Get-DesiredVM {
    <#
    .SYNOPSIS
    The records with a Desired, in the order of the inventory.

    .PARAMETER Inventory
    From Get-VMInventory.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Generic.List[object]])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Inventory
    )

    $records = New-Object -TypeName 'System.Collections.Generic.List[object]'
    foreach ($record in $Inventory.Records) {
        if ($record.ContainsKey('Desired')) {
            $records.Add($record)
        }
    }
    return , $records
}

Export-ModuleMember -Function Add-DesiredState, Get-DesiredVM, Get-VMPolicy, Select-DesiredVM
