# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

# Decides what is to be changed: compares the desired key-value pairs with those that the host holds. Asks nobody.
# All comparisons are ordinal: -eq on texts takes some different texts for equal (zero-width characters, composed and
# decomposed letters).

# What a Windows and a Linux guest both take, in UTF-16 code units; the fields of a Linux guest are limited in bytes
# of UTF-8 as well (512 and 2048 with the terminating zero). No guest is known to take more parts of a value.
$script:limits = @{ KeyUnits = 254; ValueUnits = 1022; KeyBytes = 511; ValueBytes = 2047; Parts = 1000; HostOnlyItems = 128 }

Function Get-KeyValueLimit {
    <#
    .SYNOPSIS
    The limits of keys and values: KeyUnits, ValueUnits, KeyBytes, ValueBytes, Parts, HostOnlyItems.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param ()

    return $script:limits
}

Function Split-ItemValue {
    <#
    .SYNOPSIS
    The pairs that stand for an item, a list of [key, value]: itself, or the parts of a long value and their count.

    .PARAMETER Key
    The key of the item.

    .PARAMETER Value
    Its value.

    .PARAMETER Chunked
    Whether a value that is too long for a pair is split.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Generic.List[object]])]
    param (
        [Parameter(Mandatory = $true)]
        [string]
        $Key,

        [Parameter(Mandatory = $true)]
        [AllowEmptyString()]
        [string]
        $Value,

        [Parameter(Mandatory = $true)]
        [bool]
        $Chunked
    )

    $pairs = New-Object -TypeName 'System.Collections.Generic.List[object]'
    $encoding = [System.Text.Encoding]::UTF8
    if (-not $Chunked -or ($Value.Length -le $script:limits.ValueUnits -and
            ($Value.Length * 3 -le $script:limits.ValueBytes -or $encoding.GetByteCount($Value) -le $script:limits.ValueBytes))) {
        $pairs.Add(@($Key, $Value))
        return , $pairs
    }
    $start = 0
    $number = 0
    while ($start -lt $Value.Length) {
        $length = [math]::Min($script:limits.ValueUnits, $Value.Length - $start)
        if ($length * 3 -gt $script:limits.ValueBytes -and $encoding.GetByteCount($Value.Substring($start, $length)) -gt $script:limits.ValueBytes) {
            # No UTF-16 unit takes more than three bytes.
            $length = [int][math]::Floor($script:limits.ValueBytes / 3)
        }
        if ($start + $length -lt $Value.Length -and [char]::IsHighSurrogate($Value[$start + $length - 1])) {
            $length--
        }
        $pairs.Add(@("$Key.$number", $Value.Substring($start, $length)))
        $start += $length
        $number++
    }
    # Last, so that it is written when the parts are there.
    $pairs.Add(@("$Key.count", $number.ToString([cultureinfo]::InvariantCulture)))
    return , $pairs
}

Function Join-ItemValue {
    <#
    .SYNOPSIS
    The items that pairs stand for: Values by key, and Parts, the keys of the pairs of those that were split.

    .PARAMETER Table
    The pairs, from ConvertTo-KeyValueTable.

    .PARAMETER Chunked
    Whether pairs that are parts of a value are put together.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [System.Collections.Specialized.OrderedDictionary]
        $Table,

        [Parameter(Mandatory = $true)]
        [bool]
        $Chunked
    )

    $result = @{
        Values = $Table
        Parts = New-Object -TypeName 'System.Collections.Generic.Dictionary[string, object]' -ArgumentList ([StringComparer]::Ordinal)
    }
    if (-not $Chunked) {
        return $result
    }
    $used = New-Object -TypeName 'System.Collections.Generic.HashSet[string]' -ArgumentList ([StringComparer]::Ordinal)
    $joined = New-Object -TypeName System.Collections.Specialized.OrderedDictionary -ArgumentList ([StringComparer]::Ordinal)
    foreach ($entry in $Table.GetEnumerator()) {
        $key = [string]$entry.Key
        if (-not $key.EndsWith('.count', [StringComparison]::Ordinal) -or $key.Length -lt 7 -or
            -not [regex]::IsMatch([string]$entry.Value, '\A[1-9][0-9]{0,3}\z')) {
            continue
        }
        $base = $key.Substring(0, $key.Length - 6)
        $names = @(for ($number = 0; $number -lt [int]$entry.Value; $number++) { "$base.$number" })
        if (@($names | Where-Object { -not $Table.Contains($_) }).Length -gt 0) {
            continue
        }
        $joined[$base] = [string]::Join('', [string[]]@($names | ForEach-Object { $Table[$_] }))
        $parts = New-Object -TypeName 'System.Collections.Generic.List[string]'
        foreach ($name in @($names) + $key) {
            $parts.Add($name)
            [void]$used.Add($name)
        }
        if ($Table.Contains($base)) {
            # Left from the time when the value was short.
            $parts.Add($base)
            [void]$used.Add($base)
        }
        $result.Parts[$base] = $parts
    }
    foreach ($entry in $Table.GetEnumerator()) {
        if (-not $used.Contains([string]$entry.Key)) {
            $joined[[string]$entry.Key] = $entry.Value
        }
    }
    $result.Values = $joined
    return $result
}

Function Get-KeyValueStep {
    <#
    .SYNOPSIS
    The steps that are still missing for a plan: Method, Key, Value, and the Change that they belong to.

    .PARAMETER Plan
    The changes of a record.

    .PARAMETER Table
    The pairs that the host holds now.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [object]
        $Plan,

        [Parameter(Mandatory = $true)]
        [System.Collections.Specialized.OrderedDictionary]
        $Table
    )

    foreach ($change in $Plan) {
        foreach ($key in $change.Drop) {
            if ($Table.Contains($key)) {
                @{ Method = 'RemoveKvpItems'; Key = $key; Value = ''; Change = $change }
            }
        }
        foreach ($pair in $change.Write) {
            if (-not $Table.Contains($pair[0])) {
                @{ Method = 'AddKvpItems'; Key = $pair[0]; Value = $pair[1]; Change = $change }
            } elseif (-not [string]::Equals($Table[$pair[0]], $pair[1], [StringComparison]::Ordinal)) {
                @{ Method = 'ModifyKvpItems'; Key = $pair[0]; Value = $pair[1]; Change = $change }
            }
        }
    }
}

Function Compare-KeyValueItem {
    <#
    .SYNOPSIS
    The change that a desired item needs, or nothing if all is as it should be.

    .PARAMETER Key
    The key of the item.

    .PARAMETER Value
    The desired value; null if the item is to be absent.

    .PARAMETER Current
    The items that the host holds, from Join-ItemValue.

    .PARAMETER Table
    The pairs that the host holds.

    .PARAMETER Chunked
    Whether long values are split.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [string]
        $Key,

        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [object]
        $Value,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Current,

        [Parameter(Mandatory = $true)]
        [System.Collections.Specialized.OrderedDictionary]
        $Table,

        [Parameter(Mandatory = $true)]
        [bool]
        $Chunked
    )

    $exists = $Current.Values.Contains($Key)
    if ($null -eq $Value -and -not $exists) {
        return
    }
    $parts = @()
    if ($Current.Parts.ContainsKey($Key)) {
        $parts = $Current.Parts[$Key].ToArray()
    } elseif ($exists) {
        $parts = @($Key)
    }
    $change = @{
        Key = $Key
        Kind = 'removed'
        Before = if ($exists) { $Current.Values[$Key] } else { $null }
        After = $Value
        Write = @()
        Drop = $parts
        Done = $true
    }
    if ($null -ne $Value) {
        $change.Kind = if ($exists) { 'modified' } else { 'added' }
        $change.Write = (Split-ItemValue -Key $Key -Value $Value -Chunked $Chunked).ToArray()
        $kept = New-Object -TypeName 'System.Collections.Generic.HashSet[string]' -ArgumentList ([StringComparer]::Ordinal)
        foreach ($pair in $change.Write) {
            [void]$kept.Add($pair[0])
        }
        $change.Drop = @($parts | Where-Object { -not $kept.Contains($_) })
        if ($exists -and @(Get-KeyValueStep -Plan @(, $change) -Table $Table).Length -eq 0) {
            return
        }
    }
    return $change
}

Function Get-SurplusKey {
    <#
    .SYNOPSIS
    The items that the host holds and nobody wants, as far as the state exact reaches.

    .PARAMETER Record
    A record with Desired.

    .PARAMETER Current
    The items that the host holds, from Join-ItemValue.

    .PARAMETER Option
    From Get-KeyValueOption.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Current,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Option
    )

    # Desired finds keys in any case; what differs in case is another item.
    $kept = New-Object -TypeName 'System.Collections.Generic.HashSet[string]' -ArgumentList ([StringComparer]::Ordinal)
    foreach ($entry in $Record.Desired.GetEnumerator()) {
        [void]$kept.Add($entry.Key)
        if ($Option.Chunked) {
            # Parts that an interrupted run has left are overwritten, not removed.
            foreach ($pair in (Split-ItemValue -Key $entry.Key -Value $entry.Value -Chunked $true)) {
                [void]$kept.Add($pair[0])
            }
        }
    }
    foreach ($entry in $Current.Values.GetEnumerator()) {
        $key = [string]$entry.Key
        if (-not $kept.Contains($key) -and $key.StartsWith($Option.Prefix, [StringComparison]::Ordinal)) {
            $key
        }
    }
}

Function Find-PlanProblem {
    <#
    .SYNOPSIS
    Why the plan of a virtual machine must not be carried out, or an empty text.

    .PARAMETER Record
    A record with a Plan.

    .PARAMETER Option
    From Get-KeyValueOption.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Option
    )

    $after = New-Object -TypeName 'System.Collections.Generic.Dictionary[string, string]' -ArgumentList ([StringComparer]::OrdinalIgnoreCase)
    $dropped = New-Object -TypeName 'System.Collections.Generic.HashSet[string]' -ArgumentList ([StringComparer]::Ordinal)
    $added = New-Object -TypeName 'System.Collections.Generic.List[string]'
    foreach ($change in $Record.Plan) {
        foreach ($key in $change.Drop) {
            [void]$dropped.Add($key)
        }
        foreach ($pair in $change.Write) {
            if (-not $Record.Table.Contains($pair[0])) {
                $added.Add($pair[0])
            }
        }
    }
    foreach ($entry in $Record.Table.GetEnumerator()) {
        if (-not $dropped.Contains([string]$entry.Key)) {
            $after[[string]$entry.Key] = [string]$entry.Key
        }
    }
    # A key to remove that is there in another case only would stay without anybody noticing.
    $wanted = if ($Option.State -eq 'absent') { $Record.Unchanged } else { $added }
    foreach ($key in $wanted) {
        if ($after.ContainsKey($key)) {
            return "key '$key' differs only in case from '$($after[$key])', which it has. Windows guests would take them for one: " +
            'use that key, or remove it first'
        }
        if ($Option.State -ne 'absent') {
            $after[$key] = $key
        }
    }
    if ($Option.Property -eq 'HostOnly' -and $after.get_Count() -gt $script:limits.HostOnlyItems -and $added.Count -gt 0) {
        return "it would have $($after.get_Count()) host-only items, at most $($script:limits.HostOnlyItems) are possible"
    }
    return ''
}

Function Update-PlanOrder {
    <#
    .SYNOPSIS
    Sorts a plan by key. Dictionaries have no order that would be the same in the next run.

    .PARAMETER Plan
    The changes.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Plan
    )

    if ($Plan.Count -lt 2) {
        return
    }
    $byKey = New-Object -TypeName 'System.Collections.Generic.Dictionary[string, object]' -ArgumentList ([StringComparer]::Ordinal)
    $keys = New-Object -TypeName 'System.Collections.Generic.List[string]'
    foreach ($change in $Plan) {
        $byKey[$change.Key] = $change
        $keys.Add($change.Key)
    }
    $keys.Sort([StringComparer]::Ordinal)
    $Plan.Clear()
    foreach ($key in $keys) {
        $Plan.Add($byKey[$key])
    }
}

Function Add-KeyValueChange {
    <#
    .SYNOPSIS
    Fills the Plan and Unchanged of one virtual machine.

    .PARAMETER Record
    A record with Desired, Table and empty Plan and Unchanged.

    .PARAMETER Option
    From Get-KeyValueOption.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Option
    )

    $current = Join-ItemValue -Table $Record.Table -Chunked $Option.Chunked
    foreach ($entry in $Record.Desired.GetEnumerator()) {
        $value = if ($Option.State -eq 'absent') { $null } else { $entry.Value }
        if ($null -ne $value -and -not $Option.Chunked) {
            # The common case without a call, as a thousand virtual machines have many items.
            $exists = $Record.Table.Contains($entry.Key)
            if ($exists -and [string]::Equals($Record.Table[$entry.Key], $value, [StringComparison]::Ordinal)) {
                $Record.Unchanged.Add($entry.Key)
            } else {
                $Record.Plan.Add(@{
                        Key = $entry.Key
                        Kind = if ($exists) { 'modified' } else { 'added' }
                        Before = if ($exists) { $Record.Table[$entry.Key] } else { $null }
                        After = $value
                        Write = @(, @($entry.Key, $value))
                        Drop = @()
                        Done = $true
                    })
            }
            continue
        }
        $change = Compare-KeyValueItem -Key $entry.Key -Value $value -Current $current -Table $Record.Table -Chunked $Option.Chunked
        if ($null -eq $change) {
            $Record.Unchanged.Add($entry.Key)
        } else {
            $Record.Plan.Add($change)
        }
    }
    if ($Option.State -eq 'exact') {
        foreach ($key in @(Get-SurplusKey -Record $Record -Current $current -Option $Option)) {
            $Record.Plan.Add((Compare-KeyValueItem -Key $key -Value $null -Current $current -Table $Record.Table -Chunked $Option.Chunked))
        }
    }
}

Function Set-KeyValuePlan {
    <#
    .SYNOPSIS
    Compares what the host holds with what is desired: Plan holds the changes, Unchanged the keys that are right.

    .DESCRIPTION
    A virtual machine whose plan must not be carried out gets an Error and an empty plan.

    .PARAMETER Record
    Records with Desired and Table.

    .PARAMETER Option
    From Get-KeyValueOption.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Option
    )

    foreach ($item in $Record) {
        $item.Plan = New-Object -TypeName 'System.Collections.Generic.List[object]'
        $item.Unchanged = New-Object -TypeName 'System.Collections.Generic.List[string]'
        $item.Failures = New-Object -TypeName 'System.Collections.Generic.List[object]'
        if ($null -ne $item.Error) {
            continue
        }
        Add-KeyValueChange -Record $item -Option $Option
        Update-PlanOrder -Plan $item.Plan
        $item.Unchanged.Sort([StringComparer]::Ordinal)
        $problem = if ($item.Plan.Count -gt 0 -or $Option.State -eq 'absent') { Find-PlanProblem -Record $item -Option $Option } else { '' }
        if ($problem.Length -gt 0) {
            $item.Error = $problem
            $item.Plan.Clear()
        }
    }
}

Export-ModuleMember -Function Get-KeyValueLimit, Get-KeyValueStep, Set-KeyValuePlan, Split-ItemValue
