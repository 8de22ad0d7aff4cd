# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._HyperVError

# The options of a selection are documented in plugins/doc_fragments/vm_selection.py; a unit test holds the
# argument specs of the modules, the fragment and the values of $script:stateNames together.

# Microsoft.HyperV.PowerShell.VMState
$script:stateNames = @{
    1 = 'other'
    2 = 'running'
    3 = 'off'
    4 = 'stopping'
    6 = 'saved'
    9 = 'paused'
    10 = 'starting'
    11 = 'reset'
    32773 = 'saving'
    32776 = 'pausing'
    32777 = 'resuming'
    32779 = 'fast_saved'
    32780 = 'fast_saving'
    32781 = 'force_shutdown'
    32782 = 'force_reboot'
    32783 = 'hibernated'
    32784 = 'component_servicing'
    32785 = 'running_critical'
    32786 = 'off_critical'
    32787 = 'stopping_critical'
    32788 = 'saved_critical'
    32789 = 'paused_critical'
    32790 = 'starting_critical'
    32791 = 'reset_critical'
    32792 = 'saving_critical'
    32793 = 'pausing_critical'
    32794 = 'resuming_critical'
    32795 = 'fast_saved_critical'
    32796 = 'fast_saving_critical'
}

Function ConvertTo-WildcardPattern {
    <#
    .SYNOPSIS
    Turns wildcard texts into patterns that ignore case and culture; fails the module on a text that is none.

    .PARAMETER Module
    The running module.

    .PARAMETER Pattern
    The texts; null is an empty list.

    .PARAMETER Option
    The name of the option, for the error message.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Generic.List[object]])]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module,

        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [object]
        $Pattern,

        [Parameter(Mandatory = $true)]
        [string]
        $Option
    )

    $options = [System.Management.Automation.WildcardOptions]'IgnoreCase, CultureInvariant'
    $result = New-Object -TypeName 'System.Collections.Generic.List[object]'
    foreach ($text in $Pattern) {
        try {
            $compiled = New-Object -TypeName System.Management.Automation.WildcardPattern -ArgumentList $text, $options
            # A pattern is only parsed when it is first used.
            [void]$compiled.IsMatch('')
        } catch {
            $Module.FailJson("$Option '$text' is not a valid wildcard pattern: a literal [ must be written as ``[.", $_)
        }
        $result.Add($compiled)
    }
    return , $result
}

Function ConvertTo-VMSelection {
    <#
    .SYNOPSIS
    Checks and prepares the selection options of a module or of one policy, before anything is read.

    .PARAMETER Module
    The running module.

    .PARAMETER Parameter
    The dictionary that holds the options name, name_pattern, vm_id, exclude, vm_state and all.

    .PARAMETER Context
    Where the options stand, for error messages: empty, or for example 'policies[1]: '.

    .PARAMETER DefaultToAll
    No selection means all virtual machines. Without it, no selection is an error.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module,

        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Parameter,

        [string]
        $Context = '',

        [switch]
        $DefaultToAll
    )

    $explicit = $null -ne $Parameter['name'] -or $null -ne $Parameter['name_pattern'] -or $null -ne $Parameter['vm_id']
    $all = [bool]$Parameter['all'] -or ($DefaultToAll -and -not $explicit)
    if (-not $explicit -and -not $all) {
        $Module.FailJson("${Context}no virtual machine is selected. Set name, name_pattern or vm_id, or all to true.")
    }

    $ids = New-Object -TypeName 'System.Collections.Generic.List[string]'
    foreach ($text in $Parameter['vm_id']) {
        $id = [guid]::Empty
        if (-not [guid]::TryParse($text, [ref]$id)) {
            $Module.FailJson("${Context}vm_id '$text' is not a GUID such as 7cca7664-91d0-40a9-9769-7809f256f603.")
        }
        $ids.Add($id.ToString())
    }

    return @{
        All = $all
        Name = @($Parameter['name'] | Where-Object { $null -ne $_ })
        Id = $ids
        Include = ConvertTo-WildcardPattern -Module $Module -Pattern $Parameter['name_pattern'] -Option "${Context}name_pattern"
        Exclude = ConvertTo-WildcardPattern -Module $Module -Pattern $Parameter['exclude'] -Option "${Context}exclude"
        State = @($Parameter['vm_state'] | Where-Object { $null -ne $_ })
    }
}

Function ConvertTo-VMRecord {
    <#
    .SYNOPSIS
    Takes over what identifies virtual machines, without those that are gone already.

    .DESCRIPTION
    Only Id, Name and State are read: they come with the listing. Most other properties cost a query each, and
    all of them may throw once the virtual machine has been deleted.

    .PARAMETER VM
    The virtual machines as Get-VM returned them.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [object[]]
        $VM
    )

    # One loop instead of one call for each: calling a function is what costs time with a thousand of them.
    foreach ($item in $VM) {
        $record = @{ VM = $item; Id = ''; Name = ''; State = 'other'; Error = $null; Services = @{} }
        try {
            $record.Id = $item.Id.ToString()
            $record.Name = [string]$item.Name
            $state = [int]$item.State
            if ($script:stateNames.ContainsKey($state)) {
                $record.State = $script:stateNames[$state]
            }
        } catch {
            if ($record.Id -eq '') {
                continue
            }
            $record.Error = "cannot be read: $($_.Exception.Message)"
        }
        $record
    }
}

Function Get-VMInventory {
    <#
    .SYNOPSIS
    Lists all virtual machines of the host with one call, sorted by name and id, or fails the module.

    .DESCRIPTION
    Always the whole list: the -Name parameter of the Hyper-V cmdlets treats names such as db[1] as wildcards.

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

    try {
        $vms = @(Hyper-V\Get-VM -ErrorAction Stop)
    } catch {
        $Module.FailJson((Get-HostErrorText -ErrorRecord $_), $_)
    }
    if ($vms.Count -gt 0 -and @($vms[0].PSObject.TypeNames -like 'Deserialized.*').Count -gt 0) {
        # Windows Server 2016 loads the module into PowerShell 7 through a session to 5.1, which returns copies.
        $Module.FailJson('This PowerShell can only use copies of Hyper-V objects. Connect with Windows PowerShell 5.1.')
    }

    # Ordinal, not Sort-Object: the order must not depend on the culture of the host nor on the PowerShell version.
    $byKey = New-Object -TypeName 'System.Collections.Generic.Dictionary[string, object]' -ArgumentList ([StringComparer]::Ordinal)
    foreach ($record in @(ConvertTo-VMRecord -VM $vms)) {
        $byKey[$record.Name + [char]0 + $record.Id] = $record
    }
    $keys = [string[]]@($byKey.Keys)
    [array]::Sort($keys, [StringComparer]::Ordinal)

    $inventory = @{
        Records = New-Object -TypeName 'System.Collections.Generic.List[object]'
        ByName = New-Object -TypeName 'System.Collections.Generic.Dictionary[string, object]' -ArgumentList ([StringComparer]::OrdinalIgnoreCase)
        ById = @{}
        # Names that selections spell out: only where somebody wrote a name can it mean more than he thought.
        Addressed = New-Object -TypeName 'System.Collections.Generic.HashSet[string]' -ArgumentList ([StringComparer]::OrdinalIgnoreCase)
    }
    foreach ($key in $keys) {
        $record = $byKey[$key]
        $inventory.Records.Add($record)
        $inventory.ById[$record.Id] = $record
        if (-not $inventory.ByName.ContainsKey($record.Name)) {
            $inventory.ByName[$record.Name] = New-Object -TypeName 'System.Collections.Generic.List[object]'
        }
        $inventory.ByName[$record.Name].Add($record)
    }
    return $inventory
}

Function Update-VMRecord {
    <#
    .SYNOPSIS
    Reads the state of virtual machines anew with one call; throws what the host throws.

    .DESCRIPTION
    Always the whole list, as in Get-VMInventory. A virtual machine that has gone meanwhile gets an Error.

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

    $found = @{}
    foreach ($item in @(ConvertTo-VMRecord -VM @(Hyper-V\Get-VM -ErrorAction Stop))) {
        $found[$item.Id] = $item
    }
    foreach ($item in $Record) {
        $now = $found[$item.Id]
        if ($null -eq $now) {
            $item.Error = 'not found any more, it was deleted or moved to another host meanwhile'
            continue
        }
        $item.VM = $now.VM
        $item.State = $now.State
        $item.Error = $now.Error
    }
}

Function Test-NameMatch {
    <#
    .SYNOPSIS
    Whether a name matches at least one of some patterns.

    .PARAMETER Name
    The name of a virtual machine.

    .PARAMETER Pattern
    Patterns from ConvertTo-WildcardPattern.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyString()]
        [string]
        $Name,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Pattern
    )

    foreach ($compiled in $Pattern) {
        if ($compiled.IsMatch($Name)) {
            return $true
        }
    }
    return $false
}

Function Select-InventoryVM {
    <#
    .SYNOPSIS
    The records of an inventory that a selection means, in the order of the inventory.

    .PARAMETER Inventory
    From Get-VMInventory.

    .PARAMETER Selection
    From ConvertTo-VMSelection.

    .PARAMETER Unmatched
    Receives each name and id that no virtual machine has, once.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Generic.List[object]])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Inventory,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Selection,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[string]]
        $Unmatched
    )

    $ids = New-Object -TypeName 'System.Collections.Generic.HashSet[string]'
    foreach ($name in $Selection.Name) {
        if ($Inventory.ByName.ContainsKey($name)) {
            [void]$Inventory.Addressed.Add($name)
            foreach ($record in $Inventory.ByName[$name]) {
                [void]$ids.Add($record.Id)
            }
        } elseif (-not $Unmatched.Contains($name)) {
            $Unmatched.Add($name)
        }
    }
    foreach ($id in $Selection.Id) {
        if ($Inventory.ById.ContainsKey($id)) {
            [void]$ids.Add($id)
        } elseif (-not $Unmatched.Contains($id)) {
            $Unmatched.Add($id)
        }
    }

    $selected = New-Object -TypeName 'System.Collections.Generic.List[object]'
    foreach ($record in $Inventory.Records) {
        if (-not $Selection.All -and -not $ids.Contains($record.Id) -and
            -not ($Selection.Include.Count -gt 0 -and (Test-NameMatch -Name $record.Name -Pattern $Selection.Include))) {
            continue
        }
        if ($Selection.Exclude.Count -gt 0 -and (Test-NameMatch -Name $record.Name -Pattern $Selection.Exclude)) {
            continue
        }
        # The state of a record that could not be read is not known; it is kept, so that its failure is reported.
        if ($Selection.State.Count -gt 0 -and $null -eq $record.Error -and $Selection.State -notcontains $record.State) {
            continue
        }
        $selected.Add($record)
    }
    return , $selected
}

Function Confirm-VMSelection {
    <#
    .SYNOPSIS
    Reports names and ids that match nothing and fails or warns about them, and warns about empty results and about names
    that selections spell out and that several of the selected virtual machines have.

    .PARAMETER Module
    The running module; its option missing says what unmatched names and ids mean.

    .PARAMETER Inventory
    From Get-VMInventory, after all selections went through Select-InventoryVM.

    .PARAMETER Selected
    The selected records, each once.

    .PARAMETER Unmatched
    From Select-InventoryVM.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Inventory,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Selected,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[string]]
        $Unmatched
    )

    $Module.Result.unmatched = $Unmatched.ToArray()
    $Module.Result.summary.unmatched = $Unmatched.Count
    if ($Inventory.Records.Count -eq 0) {
        # Hyper-V may answer an account without rights with an empty list instead of an error.
        $Module.Warn('This host lists no virtual machine at all. If it has some, add the connecting account to the local group ' +
            'Hyper-V Administrators (S-1-5-32-578) and connect again.')
    }
    if ($Unmatched.Count -gt 0 -and $Module.Params['missing'] -ne 'ignore') {
        $text = "No virtual machine on this host has this name or id: '$($Unmatched -join "', '")'."
        if ($Module.Params['missing'] -eq 'fail') {
            $Module.FailJson("$text Check the spelling, and in a cluster on which node it runs; set missing to warn or ignore to go on without it.")
        }
        $Module.Warn($text)
    }
    if ($Selected.Count -eq 0 -and $Unmatched.Count -eq 0 -and $Inventory.Records.Count -gt 0) {
        $Module.Warn('The selection matches no virtual machine of this host.')
    }

    $byName = New-Object -TypeName 'System.Collections.Generic.Dictionary[string, object]' -ArgumentList ([StringComparer]::OrdinalIgnoreCase)
    foreach ($record in $Selected) {
        if (-not $byName.ContainsKey($record.Name)) {
            $byName[$record.Name] = New-Object -TypeName 'System.Collections.Generic.List[string]'
        }
        $byName[$record.Name].Add($record.Id)
    }
    foreach ($record in $Selected) {
        $ids = $byName[$record.Name]
        if ($ids.Count -gt 1 -and $ids[0] -eq $record.Id -and $Inventory.Addressed.Contains($record.Name)) {
            $Module.Warn("The name '$($record.Name)' belongs to $($ids.Count) virtual machines of this host and all of them are meant: " +
                "$($ids -join ', '). Select by vm_id to mean one of them.")
        }
    }
}

Export-ModuleMember -Function Confirm-VMSelection, ConvertTo-VMSelection, Get-VMInventory, Select-InventoryVM, Update-VMRecord
