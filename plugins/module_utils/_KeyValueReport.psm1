# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._KeyValueItem
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._KeyValuePair
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMDiff

# What hyperv_kvp says about virtual machines: diff, results, and whether the guests get to see the pairs.

$script:mask = '********'
# What needs no closer look to be written in single quotes.
$script:plainText = New-Object -TypeName System.Text.RegularExpressions.Regex -ArgumentList '\A[ -&(-~]*\z'

Function Get-KeyValueDiff {
    <#
    .SYNOPSIS
    The items that differ, virtual machine by virtual machine, as YAML: before or after the changes that are done.

    .PARAMETER Record
    Records with a Plan.

    .PARAMETER NoLog
    Whether values are masked.

    .PARAMETER After
    Show the state after the changes instead of the one before.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [bool]
        $NoLog,

        [switch]
        $After
    )

    $lines = New-Object -TypeName 'System.Collections.Generic.List[string]'
    foreach ($item in $Record) {
        $headed = $false
        foreach ($change in $item.Plan) {
            if (-not $change.Done) {
                continue
            }
            if (-not $headed) {
                $lines.Add((Get-VMDiffHeading -Record $item))
                $lines.Add('  items:')
                $headed = $true
            }
            $value = if ($After) { $change.After } else { $change.Before }
            if ($null -eq $value) {
                $text = 'null'
            } elseif ($NoLog) {
                # Not the same on both sides, or a modified value would not show as a difference.
                $text = "'$script:mask $(if ($After) { 'new' } else { 'old' })'"
            } elseif ($script:plainText.IsMatch($value)) {
                $text = "'$value'"
            } else {
                $text = ConvertTo-YamlText -Text $value
            }
            $key = if ($script:plainText.IsMatch($change.Key)) { "'$($change.Key)'" } else { ConvertTo-YamlText -Text $change.Key }
            $lines.Add("    ${key}: $text")
        }
    }
    return Join-DiffLine -Line $lines
}

Function ConvertTo-KeyValueResult {
    <#
    .SYNOPSIS
    The results of virtual machines as plain data.

    .PARAMETER Record
    Records with a Plan, after the changes of the plan.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record
    )

    foreach ($item in $Record) {
        $keys = @{}
        foreach ($kind in 'added', 'modified', 'removed') {
            $keys[$kind] = New-Object -TypeName 'System.Collections.Generic.List[string]'
        }
        foreach ($change in $item.Plan) {
            if ($change.Done) {
                $keys[$change.Kind].Add($change.Key)
            }
        }
        [ordered]@{
            name = $item.Name
            id = $item.Id
            state = $item.State
            changed = ($keys['added'].Count + $keys['modified'].Count + $keys['removed'].Count) -gt 0
            failed = $null -ne $item.Error
            msg = [string]$item.Error
            added = $keys['added'].ToArray()
            modified = $keys['modified'].ToArray()
            removed = $keys['removed'].ToArray()
            unchanged = $item.Unchanged.ToArray()
            failures = @(
                foreach ($failure in $item.Failures) {
                    [ordered]@{ key = $failure.Key; action = $failure.Kind; msg = $failure.Text }
                }
            )
            delivery = $item['Delivery']
            verified = $item['Verified']
        }
    }
}

Function Set-KeyValueDelivery {
    <#
    .SYNOPSIS
    Sets Delivery of records: whether the guest gets to see what the host holds.

    .PARAMETER Record
    Records after Read-KeyValueComponent.

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
        if ($null -eq $item['Kvp']) {
            $item.Delivery = $null
        } elseif ($Option.Source -ne 0) {
            $item.Delivery = 'host_only'
        } elseif (-not $item.Kvp.Enabled) {
            $item.Delivery = 'disabled'
        } elseif ($item.State -ne 'running') {
            $item.Delivery = 'waiting'
        } elseif (@('ok', 'degraded') -contains $item.Kvp.Status) {
            $item.Delivery = 'guest'
        } else {
            $item.Delivery = 'no_contact'
        }
    }
}

Function Write-DeliveryWarning {
    <#
    .SYNOPSIS
    Warns about virtual machines whose guests do not get to see the pairs.

    .PARAMETER Module
    The running module.

    .PARAMETER Record
    Records after Set-KeyValueDelivery.
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

    $disabled = @($Record | Where-Object { $null -eq $_.Error -and $_.Delivery -eq 'disabled' })
    if ($disabled.Length -gt 0) {
        $Module.Warn("Data exchange is disabled on the host for $(Format-VMList -Record $disabled). The pairs are kept in the configuration, but " +
            'do not reach the guest until it is enabled, for example with hyperv.integration.hyperv_ics (key_value_pair_exchange: true).')
    }
    $silent = @($Record | Where-Object { $null -eq $_.Error -and $_.Delivery -eq 'no_contact' })
    if ($silent.Length -gt 0) {
        $Module.Warn("The guest has no contact for data exchange: $(Format-VMList -Record $silent). The pairs are kept in the configuration, but do " +
            'not reach the guest until its service runs (vmickvpexchange on Windows; hv_kvp_daemon, hv-kvp-daemon or hypervkvpd on Linux).')
    }
}

Function Wait-KeyValueDelivery {
    <#
    .SYNOPSIS
    Waits until the guests of running virtual machines are in contact; sets Verified, and Error of those that are not.

    .DESCRIPTION
    Hyper-V has no way to read back what a guest holds of the host's pairs. What can be seen is that the host holds them
    and that the guest's service answers, to which the host hands them over. Verified is null where not even that can be
    seen: for a virtual machine that is not running, and for host-only pairs. Throws what the query throws.

    .PARAMETER Record
    Records after Set-KeyValueDelivery.

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

    $deadline = [datetime]::UtcNow.AddSeconds($Option.Timeout)
    $delay = 500
    $open = New-Object -TypeName 'System.Collections.Generic.List[object]'
    foreach ($item in $Record) {
        if ($null -eq $item.Error -and $item.Delivery -eq 'no_contact') {
            $open.Add($item)
        }
    }
    while ($open.Count -gt 0 -and [datetime]::UtcNow -lt $deadline) {
        Start-Sleep -Milliseconds $delay
        $delay = [math]::Min($delay * 2, 8000)
        Read-KeyValueComponent -Record $open
        Set-KeyValueDelivery -Record $open -Option $Option
        foreach ($item in $open.ToArray()) {
            if ($item.Delivery -ne 'no_contact') {
                [void]$open.Remove($item)
            }
        }
    }
    foreach ($item in $Record) {
        if ($null -ne $item.Error) {
            continue
        }
        switch ($item.Delivery) {
            'guest' { $item.Verified = $true }
            'no_contact' {
                $item.Verified = $false
                $item.Error = "its guest had no contact for data exchange within $($Option.Timeout) seconds. " +
                'The pairs are kept and reach it when its service runs'
            }
            'disabled' {
                $item.Verified = $false
                $item.Error = 'data exchange is disabled on the host, so the pairs do not reach its guest'
            }
        }
    }
}

Function Hide-ItemValue {
    <#
    .SYNOPSIS
    Masks the values in what Ansible shows as the invocation of the module. The options stay as they are.

    .PARAMETER Module
    The running module.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module
    )

    if (-not $Module.Result.ContainsKey('invocation')) {
        return
    }
    $shown = @{}
    foreach ($entry in $Module.Params.GetEnumerator()) {
        $shown[[string]$entry.Key] = $entry.Value
    }
    if ($null -ne $shown['items']) {
        $shown['items'] = Get-MaskedItem -Item $shown['items']
    }
    if ($null -ne $shown['items_by_vm']) {
        $masked = New-Object -TypeName 'System.Collections.Generic.Dictionary[string, object]' -ArgumentList ([StringComparer]::Ordinal)
        foreach ($entry in $shown['items_by_vm'].GetEnumerator()) {
            $masked[[string]$entry.Key] = if ($entry.Value -is [System.Collections.IDictionary]) { Get-MaskedItem -Item $entry.Value } else { $script:mask }
        }
        $shown['items_by_vm'] = $masked
    }
    if ($null -ne $shown['policies']) {
        $shown['policies'] = @(
            foreach ($policy in $shown['policies']) {
                $copy = @{}
                foreach ($entry in $policy.GetEnumerator()) {
                    $copy[[string]$entry.Key] = if ($entry.Key -eq 'items') { Get-MaskedItem -Item $entry.Value } else { $entry.Value }
                }
                $copy
            }
        )
    }
    $Module.Result['invocation'] = @{ module_args = $shown }
}

Function Get-MaskedItem {
    <#
    .SYNOPSIS
    The items with a mask in place of each value.

    .PARAMETER Item
    The dictionary.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param (
        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Item
    )

    $masked = New-Object -TypeName 'System.Collections.Generic.Dictionary[string, object]' -ArgumentList ([StringComparer]::Ordinal)
    foreach ($entry in $Item.GetEnumerator()) {
        $masked[[string]$entry.Key] = $script:mask
    }
    return , $masked
}

Export-ModuleMember -Function @(
    'ConvertTo-KeyValueResult', 'Get-KeyValueDiff', 'Hide-ItemValue', 'Set-KeyValueDelivery', 'Wait-KeyValueDelivery', 'Write-DeliveryWarning')
