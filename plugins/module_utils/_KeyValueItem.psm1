# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._KeyValuePair
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._KeyValuePlan
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMPolicy
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMSelection

# The options of hyperv_kvp: what they mean, and whether the items are within the limits of Hyper-V.

# Control characters, two code points that XML does not know, and halves of surrogate pairs.
$script:badText = New-Object -TypeName System.Text.RegularExpressions.Regex -ArgumentList (
    '[\x00-\x1f\x7f-\x9f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]')

Function Get-KeyValueOption {
    <#
    .SYNOPSIS
    The options that hold for all virtual machines, checked.

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

    $params = $Module.Params
    $prefix = [string]$params['prefix']
    if ($null -ne $params['prefix'] -and $prefix.Length -eq 0) {
        $Module.FailJson('prefix is empty and would mean all keys. To mean them, set purge_all to true instead.')
    }
    if ($params['state'] -eq 'exact' -and $prefix.Length -eq 0 -and -not $params['purge_all']) {
        $Module.FailJson('state exact removes all other keys. Set prefix to the beginning of the keys that are yours, or purge_all to true.')
    }
    if ($params['state'] -ne 'exact' -and $params['purge_all']) {
        $Module.FailJson('purge_all only has a meaning with state exact.')
    }
    if ($params['timeout'] -lt 1) {
        $Module.FailJson("timeout is $($params['timeout']) seconds, at least 1 is needed.")
    }
    $hostOnly = $params['scope'] -eq 'host_only'
    return @{
        State = $params['state']
        Prefix = $prefix
        Chunked = [bool]$params['chunked']
        Property = if ($hostOnly) { 'HostOnly' } else { 'Host' }
        Source = if ($hostOnly) { 4 } else { 0 }
        Timeout = [int]$params['timeout']
        NoLog = [bool]$params['no_log_values']
        # Each spelling of a key, to find those that differ only in case.
        Spelling = New-Object -TypeName 'System.Collections.Generic.Dictionary[string, string]' -ArgumentList ([StringComparer]::OrdinalIgnoreCase)
        # Items that no guest can take, and items that a Linux guest cannot: Key, Value and Text.
        Problems = New-Object -TypeName 'System.Collections.Generic.List[object]'
        Wide = New-Object -TypeName 'System.Collections.Generic.List[object]'
    }
}

Function ConvertTo-ItemText {
    <#
    .SYNOPSIS
    A value as text, where there is only one way to write it; fails the module on others.

    .PARAMETER Module
    The running module.

    .PARAMETER Value
    The value as the user gave it.

    .PARAMETER Name
    The name of the item, for the error message.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module,

        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [object]
        $Value,

        [Parameter(Mandatory = $true)]
        [string]
        $Name
    )

    if ($Value -is [bool]) {
        return $(if ($Value) { 'true' } else { 'false' })
    }
    if ($Value -is [int] -or $Value -is [long]) {
        return $Value.ToString([cultureinfo]::InvariantCulture)
    }
    if ($null -eq $Value) {
        $Module.FailJson("$Name has no value. Write '' for an empty one.")
    }
    $Module.FailJson("$Name is no text but of the type $($Value.GetType().Name), which can be written in several ways. Put it into quotes.")
}

Function Find-ItemProblem {
    <#
    .SYNOPSIS
    Notes in the options what is wrong with the length or the characters of an item.

    .PARAMETER Key
    The key.

    .PARAMETER Value
    The value as text.

    .PARAMETER Option
    From Get-KeyValueOption.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyString()]
        [string]
        $Key,

        [Parameter(Mandatory = $true)]
        [AllowEmptyString()]
        [string]
        $Value,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Option
    )

    $limit = Get-KeyValueLimit
    $shown = if ($Key.Length -gt 60) { $Key.Substring(0, 57) + '...' } else { $Key }
    $texts = @(
        if ($Key.Length -eq 0) {
            "key '' has 0 UTF-16 code units, at least 1 is needed"
        }
        if ($script:badText.IsMatch($Key)) {
            "key '$($script:badText.Replace($shown, '?'))' contains a control character or half a surrogate pair"
        }
        if ($script:badText.IsMatch($Value)) {
            "the value of key '$shown' contains a control character or half a surrogate pair. Encode it, for example as base64"
        }
        if (-not $Option.Chunked -and $Value.Length -gt $limit.ValueUnits) {
            "the value of key '$shown' has $($Value.Length) UTF-16 code units, at most $($limit.ValueUnits) are possible. " +
            'Set chunked to true to split it'
        }
    )
    $longest = $Key
    if ($Option.Chunked -and $texts.Count -eq 0) {
        $parts = (Split-ItemValue -Key $Key -Value $Value -Chunked $true).ToArray()
        # The count is the longest key but for thousands of parts; a plain item has only itself.
        $longest = $parts[$parts.Length - 1][0]
        if ($parts.Length -gt $limit.Parts + 1) {
            $texts += "the value of key '$shown' has $($Value.Length) UTF-16 code units, which makes $($parts.Length - 1) parts, " +
            "at most $($limit.Parts) are possible"
        }
    }
    if ($longest.Length -gt $limit.KeyUnits) {
        $texts += "key '$shown' has $($longest.Length) UTF-16 code units, at most $($limit.KeyUnits) are possible"
    }
    foreach ($text in $texts) {
        $Option.Problems.Add(@{ Key = $Key; Value = $Value; Text = $text })
    }
    if ($texts.Count -eq 0 -and $Option.Source -eq 0) {
        Find-WideItem -Key $Key -Value $Value -Longest $longest -Option $Option
    }
}

Function Find-WideItem {
    <#
    .SYNOPSIS
    Notes in the options whether an item is too long for a Linux guest.

    .PARAMETER Key
    The key.

    .PARAMETER Value
    The value as text.

    .PARAMETER Longest
    The longest key of the pairs that stand for the item.

    .PARAMETER Option
    From Get-KeyValueOption.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [string]
        $Key,

        [Parameter(Mandatory = $true)]
        [AllowEmptyString()]
        [string]
        $Value,

        [Parameter(Mandatory = $true)]
        [string]
        $Longest,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Option
    )

    $limit = Get-KeyValueLimit
    $shown = if ($Key.Length -gt 60) { $Key.Substring(0, 57) + '...' } else { $Key }
    # A UTF-16 code unit takes at most three bytes, so short ones need not be counted.
    $encoding = [System.Text.Encoding]::UTF8
    if ($Longest.Length * 3 -gt $limit.KeyBytes -and $encoding.GetByteCount($Longest) -gt $limit.KeyBytes) {
        $text = "key '$shown' has $($encoding.GetByteCount($Longest)) bytes in UTF-8, a Linux guest takes at most $($limit.KeyBytes)"
        $Option.Wide.Add(@{ Key = $Key; Value = $Value; Text = $text })
    }
    if (-not $Option.Chunked -and $Value.Length * 3 -gt $limit.ValueBytes -and $encoding.GetByteCount($Value) -gt $limit.ValueBytes) {
        $text = "the value of key '$shown' has $($encoding.GetByteCount($Value)) bytes in UTF-8, " +
        "a Linux guest takes at most $($limit.ValueBytes). " +
        'Set chunked to true to split it'
        $Option.Wide.Add(@{ Key = $Key; Value = $Value; Text = $text })
    }
}

Function ConvertTo-ItemMap {
    <#
    .SYNOPSIS
    Checks a dictionary of items, before anything is read, and returns it with all values as text.

    .DESCRIPTION
    What is wrong with the length of an item is only noted in the options, as the message names virtual machines.

    .PARAMETER Module
    The running module; it fails on what is no item.

    .PARAMETER Item
    The dictionary as the user gave it; null is an empty one.

    .PARAMETER Option
    From Get-KeyValueOption.

    .PARAMETER Context
    Where the dictionary stands, for error messages.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module,

        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [System.Collections.IDictionary]
        $Item,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Option,

        [Parameter(Mandatory = $true)]
        [string]
        $Context
    )

    $map = New-Object -TypeName 'System.Collections.Generic.Dictionary[string, string]' -ArgumentList ([StringComparer]::Ordinal)
    if ($null -eq $Item) {
        return , $map
    }
    $absent = $Option.State -eq 'absent'
    $prefix = $Option.Prefix
    foreach ($entry in $Item.GetEnumerator()) {
        $key = [string]$entry.Key
        $value = ''
        if (-not $absent) {
            $value = if ($entry.Value -is [string]) { [string]$entry.Value } else {
                ConvertTo-ItemText -Module $Module -Value $entry.Value -Name "${Context}key '$key'"
            }
        }
        if (-not $key.StartsWith($prefix, [StringComparison]::Ordinal)) {
            $Module.FailJson("${Context}key '$key' does not begin with the prefix '$prefix' (upper and lower case count). Write keys in full.")
        }
        $map[$key] = $value
        $known = $null
        if (-not $Option.Spelling.TryGetValue($key, [ref]$known)) {
            $Option.Spelling[$key] = $key
        } elseif (-not [string]::Equals($known, $key, [StringComparison]::Ordinal)) {
            $Module.FailJson("${Context}keys '$known' and '$key' differ only in case. Windows guests would take them for one: use one of them.")
        }
        # The common case without a call.
        if ($key.Length -eq 0 -or $key.Length -gt 160 -or $value.Length -gt 680 -or $script:badText.IsMatch($key) -or $script:badText.IsMatch($value)) {
            Find-ItemProblem -Key $key -Value $value -Option $Option
        }
    }
    return , $map
}

Function Get-KeyValuePolicy {
    <#
    .SYNOPSIS
    The checked policies in order; the short form of the options is one policy.

    .PARAMETER Module
    The running module.

    .PARAMETER Option
    From Get-KeyValueOption.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Option
    )

    $params = $Module.Params
    $selects = $params['all'] -or $null -ne $params['name'] -or $null -ne $params['name_pattern'] -or $null -ne $params['vm_id']
    if ($null -eq $params['policies'] -and $null -eq $params['items'] -and -not $selects) {
        # items_by_vm alone: its keys are the selection.
        return
    }
    foreach ($policy in @(Get-VMPolicy -Module $Module -Option items)) {
        $policy.Desired = ConvertTo-ItemMap -Module $Module -Item $policy.Value -Option $Option -Context "$($policy.Context)items, "
        $policy
    }
}

Function Get-KeyValueItemByVM {
    <#
    .SYNOPSIS
    The checked items of items_by_vm: Selection, and Maps by the name or id as it was given.

    .PARAMETER Module
    The running module.

    .PARAMETER Option
    From Get-KeyValueOption.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Option
    )

    $maps = New-Object -TypeName 'System.Collections.Generic.Dictionary[string, object]' -ArgumentList ([StringComparer]::OrdinalIgnoreCase)
    $names = New-Object -TypeName 'System.Collections.Generic.List[string]'
    $ids = New-Object -TypeName 'System.Collections.Generic.List[string]'
    foreach ($entry in $Module.Params['items_by_vm'].GetEnumerator()) {
        $context = "items_by_vm, '$($entry.Key)', "
        if ($entry.Value -isnot [System.Collections.IDictionary]) {
            $Module.FailJson("${context}a dictionary of items is needed.")
        }
        $id = [guid]::Empty
        $key = [string]$entry.Key
        if ([guid]::TryParse($key, [ref]$id)) {
            $key = $id.ToString()
            $ids.Add($key)
        } else {
            $names.Add($key)
        }
        if ($maps.ContainsKey($key)) {
            $Module.FailJson("${context}it is given twice.")
        }
        $maps[$key] = ConvertTo-ItemMap -Module $Module -Item $entry.Value -Option $Option -Context $context
    }
    $selection = ConvertTo-VMSelection -Module $Module -Parameter @{
        name = $names.ToArray()
        vm_id = $ids.ToArray()
        exclude = $Module.Params['exclude']
        vm_state = $Module.Params['vm_state']
    }
    return @{ Selection = $selection; Maps = $maps }
}

Function Select-KeyValueVM {
    <#
    .SYNOPSIS
    Puts the desired items into the records that they are meant for, and returns these.

    .PARAMETER Policy
    From Get-KeyValuePolicy.

    .PARAMETER ByVM
    From Get-KeyValueItemByVM, or null.

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
        [AllowNull()]
        [hashtable]
        $ByVM,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Inventory,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[string]]
        $Unmatched
    )

    $records = Select-DesiredVM -Policy $Policy -Inventory $Inventory -Unmatched $Unmatched
    if ($null -eq $ByVM) {
        return , $records
    }
    foreach ($record in (Select-InventoryVM -Inventory $Inventory -Selection $ByVM.Selection -Unmatched $Unmatched)) {
        # The id after the name: it means one virtual machine.
        foreach ($key in $record.Name, $record.Id) {
            if ($ByVM.Maps.ContainsKey($key)) {
                $one = New-Object -TypeName 'System.Collections.Generic.List[object]'
                $one.Add($record)
                Add-DesiredState -Record $one -Desired $ByVM.Maps[$key]
            }
        }
    }
    return , (Get-DesiredVM -Inventory $Inventory)
}

Function Format-VMList {
    <#
    .SYNOPSIS
    Names and ids of virtual machines for a message; of many, only the first ones.

    .PARAMETER Record
    The records.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [object[]]
        $Record
    )

    $names = @($Record | Select-Object -First 20 | ForEach-Object { "'$($_.Name)' ($($_.Id))" }) -join ', '
    if ($Record.Length -gt 20) {
        $names += " and $($Record.Length - 20) more"
    }
    return $names
}

Function Confirm-KeyValueLimit {
    <#
    .SYNOPSIS
    Fails the module if an item breaks a limit that holds for all guests, before anything is read or written.

    .PARAMETER Module
    The running module.

    .PARAMETER Record
    Records with Desired.

    .PARAMETER Option
    From Get-KeyValueOption.
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
        [hashtable]
        $Option
    )

    $texts = New-Object -TypeName 'System.Collections.Generic.List[string]'
    foreach ($problem in $Option.Problems) {
        $meant = @(Select-ItemVM -Record $Record -Item $problem)
        $text = if ($meant.Length -gt 0) { "$($problem.Text) (for $(Format-VMList -Record $meant))" } else { $problem.Text }
        if (-not $texts.Contains($text)) {
            $texts.Add($text)
        }
    }
    if ($texts.Count -gt 0) {
        $Module.FailJson("Nothing was changed. $($texts -join '; ')")
    }
}

Function Select-ItemVM {
    <#
    .SYNOPSIS
    The records for which an item is desired, with just this value.

    .PARAMETER Record
    Records with Desired.

    .PARAMETER Item
    Key and Value.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Item
    )

    foreach ($one in $Record) {
        $value = $null
        if ($one.Desired.TryGetValue($Item.Key, [ref]$value) -and [string]::Equals($value, $Item.Value, [StringComparison]::Ordinal)) {
            $one
        }
    }
}

Function Confirm-GuestLimit {
    <#
    .SYNOPSIS
    Items that are too long for Linux: an Error for virtual machines that run Linux, a warning where that is not known.

    .PARAMETER Module
    The running module.

    .PARAMETER Record
    Records with Desired, after Read-KeyValueComponent with GuestIntrinsicExchangeItems.

    .PARAMETER Option
    From Get-KeyValueOption.
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
        [hashtable]
        $Option
    )

    foreach ($item in $Option.Wide) {
        $unknown = New-Object -TypeName 'System.Collections.Generic.List[object]'
        foreach ($one in @(Select-ItemVM -Record $Record -Item $item)) {
            if ($null -ne $one.Error) {
                continue
            }
            $told = ConvertTo-KeyValueTable -Pair (ConvertFrom-KeyValueText -Text $one.Kvp.Intrinsic)
            if ($told.get_Count() -eq 0) {
                $unknown.Add($one)
            } elseif (-not $told.Contains('OSPlatformId')) {
                # Only Windows tells its platform id.
                $one.Error = $item.Text
            }
        }
        if ($unknown.Count -gt 0) {
            $Module.Warn("$($item.Text). Whether Linux runs is not known for $(Format-VMList -Record $unknown.ToArray()).")
        }
    }
}

Export-ModuleMember -Function @(
    'Confirm-GuestLimit', 'Confirm-KeyValueLimit', 'Format-VMList', 'Get-KeyValueItemByVM', 'Get-KeyValueOption', 'Get-KeyValuePolicy',
    'Select-KeyValueVM')
