# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

# What the key-value pairs of a guest tell: pure functions on pairs and tables from _KeyValuePair.psm1.

# PROCESSOR_ARCHITECTURE of Windows. Linux guests send the name that uname gives.
$script:architectures = @{ '0' = 'x86'; '5' = 'arm'; '6' = 'ia64'; '9' = 'x64'; '12' = 'arm64' }
$script:machines = @{ 'x86_64' = 'x64'; 'amd64' = 'x64'; 'aarch64' = 'arm64'; 'arm64' = 'arm64'; 'i386' = 'x86'; 'i686' = 'x86' }

Function Select-KeyValuePair {
    <#
    .SYNOPSIS
    The pairs with some keys. Case is ignored.

    .PARAMETER Pair
    From ConvertFrom-KeyValueText.

    .PARAMETER Key
    The keys; null selects all.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Generic.List[object]])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Pair,

        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [object]
        $Key
    )

    if ($null -eq $Key) {
        return , $Pair
    }
    $wanted = New-Object -TypeName 'System.Collections.Generic.HashSet[string]' -ArgumentList ([StringComparer]::OrdinalIgnoreCase)
    foreach ($name in $Key) {
        [void]$wanted.Add($name)
    }
    $selected = New-Object -TypeName 'System.Collections.Generic.List[object]'
    foreach ($entry in $Pair) {
        if ($wanted.Contains($entry[0])) {
            $selected.Add($entry)
        }
    }
    return , $selected
}

Function Get-DuplicatePair {
    <#
    .SYNOPSIS
    The keys that occur several times in a source, each with all its values in their order.

    .PARAMETER Pair
    From ConvertFrom-KeyValueText.

    .PARAMETER Source
    The name of the source.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Pair,

        [Parameter(Mandatory = $true)]
        [string]
        $Source
    )

    $values = New-Object -TypeName System.Collections.Specialized.OrderedDictionary -ArgumentList ([StringComparer]::Ordinal)
    foreach ($entry in $Pair) {
        if (-not $values.Contains($entry[0])) {
            $values[$entry[0]] = New-Object -TypeName 'System.Collections.Generic.List[string]'
        }
        $values[$entry[0]].Add($entry[1])
    }
    foreach ($entry in $values.GetEnumerator()) {
        if ($entry.Value.Count -gt 1) {
            [ordered]@{ source = $Source; key = $entry.Key; all_values = $entry.Value.ToArray() }
        }
    }
}

Function Split-AddressText {
    <#
    .SYNOPSIS
    The addresses in a text that separates them by semicolons, each once, without a scope such as %5.

    .PARAMETER Text
    The text; null is none.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyString()]
        [AllowNull()]
        [string]
        $Text
    )

    $seen = New-Object -TypeName 'System.Collections.Generic.HashSet[string]' -ArgumentList ([StringComparer]::OrdinalIgnoreCase)
    foreach ($part in ([string]$Text).Split([char]';')) {
        $address = $part.Trim().Split([char]'%')[0]
        if ($address.Length -gt 0 -and $seen.Add($address)) {
            $address
        }
    }
}

Function ConvertTo-GuestInfo {
    <#
    .SYNOPSIS
    What a guest tells of itself, parsed. What it does not tell is null.

    .PARAMETER Table
    The intrinsic pairs, from ConvertTo-KeyValueTable.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param (
        [Parameter(Mandatory = $true)]
        [System.Collections.Specialized.OrderedDictionary]
        $Table
    )

    if ($Table.get_Count() -eq 0) {
        return
    }
    $texts = @{}
    foreach ($name in 'FullyQualifiedDomainName', 'IntegrationServicesVersion', 'OSBuildNumber', 'OSMajorVersion', 'OSMinorVersion', 'OSName', 'OSVersion') {
        $value = [string]$Table[$name]
        $texts[$name] = if ($value.Length -gt 0) { $value } else { $null }
    }
    $processor = [string]$Table['ProcessorArchitecture']
    $architecture = $null
    if ($script:architectures.ContainsKey($processor)) {
        $architecture = $script:architectures[$processor]
    } elseif ($script:machines.ContainsKey($processor)) {
        $architecture = $script:machines[$processor]
    } elseif ($processor.Length -gt 0) {
        $architecture = $processor
    }
    return [ordered]@{
        fqdn = $texts['FullyQualifiedDomainName']
        os = [ordered]@{
            # Only Windows tells its platform id.
            family = if ($Table.Contains('OSPlatformId')) { 'windows' } else { 'linux' }
            name = $texts['OSName']
            version = $texts['OSVersion']
            build = $texts['OSBuildNumber']
            major_version = $texts['OSMajorVersion']
            minor_version = $texts['OSMinorVersion']
        }
        addresses = [ordered]@{
            ipv4 = @(Split-AddressText -Text $Table['NetworkAddressIPv4'])
            ipv6 = @(Split-AddressText -Text $Table['NetworkAddressIPv6'])
        }
        processor_architecture = $architecture
        integration_services_version = $texts['IntegrationServicesVersion']
    }
}

Function Get-SilenceReason {
    <#
    .SYNOPSIS
    Why a guest reports nothing: not_running, disabled or no_contact; null if it should report.

    .PARAMETER Record
    A record after Read-KeyValueComponent.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record
    )

    if ($Record.State -ne 'running') {
        return 'not_running'
    }
    if (-not $Record.Kvp.Enabled) {
        return 'disabled'
    }
    if (@('ok', 'degraded') -notcontains $Record.Kvp.Status) {
        return 'no_contact'
    }
}

Export-ModuleMember -Function ConvertTo-GuestInfo, Get-DuplicatePair, Get-SilenceReason, Select-KeyValuePair
