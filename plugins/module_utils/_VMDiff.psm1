# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

# The diffs of the modules: YAML, virtual machine by virtual machine.

# What double quotes alone can express. Names and pairs that others wrote may hold it.
$script:controlText = New-Object -TypeName System.Text.RegularExpressions.Regex -ArgumentList '[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]'

Function ConvertTo-YamlText {
    <#
    .SYNOPSIS
    A text as a YAML scalar in quotes.

    .PARAMETER Text
    The text.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyString()]
        [string]
        $Text
    )

    if (-not $script:controlText.IsMatch($Text)) {
        return "'$($Text.Replace("'", "''"))'"
    }
    $builder = New-Object -TypeName System.Text.StringBuilder
    foreach ($character in $Text.Replace('\', '\\').Replace('"', '\"').ToCharArray()) {
        if ($script:controlText.IsMatch([string]$character)) {
            [void]$builder.Append('\u').Append(([int]$character).ToString('x4', [cultureinfo]::InvariantCulture))
        } else {
            [void]$builder.Append($character)
        }
    }
    return "`"$($builder.ToString())`""
}

Function Get-VMDiffHeading {
    <#
    .SYNOPSIS
    How the part of a virtual machine in a diff begins.

    .PARAMETER Record
    The record of the virtual machine.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record
    )

    return "- name: $(ConvertTo-YamlText -Text $Record.Name)`n  id: $($Record.Id)"
}

Function Join-DiffLine {
    <#
    .SYNOPSIS
    The text of a diff; empty when it has no lines.

    .PARAMETER Line
    The lines of the diff.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[string]]
        $Line
    )

    if ($Line.Count -eq 0) {
        return ''
    }
    return ($Line -join "`n") + "`n"
}

Export-ModuleMember -Function ConvertTo-YamlText, Get-VMDiffHeading, Join-DiffLine
