# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._KeyValueChange
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._KeyValuePair
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._KeyValuePlan

# Markers: key-value pairs that remember which content Copy-VMFile has brought to which path of a guest, because the
# files of a guest cannot be read that way.

$script:prefix = 'hyperv.integration.copy.'
# What a marker holds while another content replaces the one that it was about. A copy that is cut off may leave a mixture in the
# guest, and the marker of the former content would take it for that content when this is wanted again.
$script:incomplete = 'incomplete'

Function Get-MarkerKey {
    <#
    .SYNOPSIS
    The key of the marker for a file of a guest: a hash of its path, whose length and characters no key could hold.

    .PARAMETER Path
    The path in the guest. Case counts only on Linux.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [string]
        $Path
    )

    $text = if ($Path.StartsWith('/')) { $Path } else { $Path.ToLowerInvariant() }
    $algorithm = [System.Security.Cryptography.SHA256]::Create()
    try {
        $hash = $algorithm.ComputeHash([System.Text.Encoding]::UTF8.GetBytes($text))
    } finally {
        $algorithm.Dispose()
    }
    return $script:prefix + [System.BitConverter]::ToString($hash).Replace('-', '').ToLowerInvariant().Substring(0, 32)
}

Function Read-CopyMarker {
    <#
    .SYNOPSIS
    Takes the files out of plans whose markers say that their content was brought there already. One query for all.

    .PARAMETER Module
    The running module; fails if the markers cannot be read.

    .PARAMETER Record
    Records with a Plan. Sets Table of each, the pairs that the host holds.

    .PARAMETER Base
    The directory in the guests, with a separator at its end.
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
        [string]
        $Base
    )

    try {
        Read-KeyValueSetting -Record $Record
    } catch {
        $Module.FailJson((Get-CimErrorText -ErrorRecord $_), $_)
    }
    foreach ($item in $Record) {
        if ($null -ne $item.Error) {
            continue
        }
        $item.Table = ConvertTo-KeyValueTable -Pair (ConvertFrom-KeyValueText -Text $item.Kvp.Host)
        foreach ($step in $item.Plan.Copy.ToArray()) {
            $step.Marker = Get-MarkerKey -Path ($Base + $step.File.Path)
            if ($item.Table.Contains($step.Marker) -and $item.Table[$step.Marker] -ceq $step.File.Hash) {
                [void]$item.Plan.Copy.Remove($step)
            }
        }
    }
}

Function Clear-CopyMarker {
    <#
    .SYNOPSIS
    Before a copy, takes back the markers of the files that it replaces. Where that fails, the record gets an Error.

    .PARAMETER Module
    The running module.

    .PARAMETER Record
    Records after Read-CopyMarker.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record
    )

    $wanted = @{}
    foreach ($item in $Record) {
        $wanted[$item.Id] = [ordered]@{}
        if ($null -ne $item.Error) {
            continue
        }
        foreach ($step in $item.Plan.Copy) {
            if ($item.Table.Contains($step.Marker)) {
                $wanted[$item.Id][$step.Marker] = $script:incomplete
            }
        }
    }
    $reason = 'nothing was copied, as the marker of the former content could not be taken back'
    Set-CopyMarker -Module $Module -Record $Record -Wanted $wanted -Reason $reason
}

Function Write-CopyMarker {
    <#
    .SYNOPSIS
    Writes the markers of the files that were copied. Where that fails, the record gets an Error.

    .PARAMETER Module
    The running module.

    .PARAMETER Record
    Records after Read-CopyMarker and the copy.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record
    )

    $wanted = @{}
    foreach ($item in $Record) {
        $wanted[$item.Id] = [ordered]@{}
        if ($null -eq $item.Plan) {
            continue
        }
        foreach ($step in $item.Plan.Copy) {
            if ($step.Done) {
                $wanted[$item.Id][$step.Marker] = $step.File.Hash
            }
        }
    }
    $reason = 'the files are there, but that could not be noted, so the next run copies them again'
    Set-CopyMarker -Module $Module -Record $Record -Wanted $wanted -Reason $reason
}

Function Set-CopyMarker {
    <#
    .SYNOPSIS
    Sets key-value pairs of many virtual machines. Where that fails, the record gets an Error.

    .PARAMETER Module
    The running module.

    .PARAMETER Record
    Records after Read-CopyMarker.

    .PARAMETER Wanted
    The pairs by the id of each virtual machine.

    .PARAMETER Reason
    How the Error begins.
    #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'the module decides')]
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
        $Wanted,

        [Parameter(Mandatory = $true)]
        [string]
        $Reason
    )

    $markers = New-Object -TypeName 'System.Collections.Generic.List[object]'
    $owners = @{}
    foreach ($item in $Record) {
        $desired = $Wanted[$item.Id]
        if ($desired.Count -gt 0) {
            $markers.Add(@{ VM = $item.VM; Id = $item.Id; Name = $item.Name; State = $item.State; Error = $null; Desired = $desired; Table = $item.Table })
            $owners[$item.Id] = $item
        }
    }
    $timeout = if ($Module.Params['timeout'] -gt 0) { $Module.Params['timeout'] } else { [int]::MaxValue }
    $option = @{ State = 'present'; Prefix = ''; Chunked = $false; Property = 'Host'; Source = 0; Timeout = $timeout; NoLog = $false }
    Set-KeyValuePlan -Record $markers -Option $option
    $open = New-Object -TypeName 'System.Collections.Generic.List[object]'
    foreach ($marker in $markers) {
        if ($marker.Plan.Count -gt 0) {
            $open.Add($marker)
        }
    }
    try {
        if ($open.Count -gt 0) {
            Invoke-KeyValuePlan -Record $open -Management (Get-KeyValueManagement) -Option $option
        }
    } catch {
        $text = Get-CimErrorText -ErrorRecord $_
        foreach ($marker in $open) {
            $marker.Error = $text
        }
    }
    foreach ($marker in $markers) {
        if ($null -ne $marker.Error) {
            $owner = $owners[$marker.Id]
            $text = "${Reason}: $($marker.Error)"
            $owner.Error = if ($null -eq $owner.Error) { $text } else { "$($owner.Error); $text" }
        }
    }
}

Export-ModuleMember -Function Clear-CopyMarker, Read-CopyMarker, Write-CopyMarker
