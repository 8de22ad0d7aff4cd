# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestProbe
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._IntegrationService
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._KeyValuePair
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMSelection

# What a virtual machine is waited for, looked at for many of them with one query of each kind.

Function ConvertTo-WaitCondition {
    <#
    .SYNOPSIS
    The conditions that the options of a module ask for, in a fixed order; fails the module on contradictions.

    .PARAMETER Module
    The running module, with the options conditions, services, kvp, ip_version and guest_username.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module
    )

    $result = New-Object -TypeName 'System.Collections.Generic.List[object]'
    $named = @($Module.Params['conditions'] | Where-Object { $null -ne $_ })
    foreach ($kind in 'off', 'heartbeat') {
        if ($named -contains $kind) {
            $result.Add(@{ Kind = $kind; Name = '' })
        }
    }
    foreach ($key in $Module.Params['services'] | Where-Object { $null -ne $_ }) {
        $result.Add(@{ Kind = 'service'; Name = $key })
    }
    if ($named -contains 'ip_address') {
        $result.Add(@{ Kind = 'ip_address'; Name = ''; Version = $Module.Params['ip_version'] })
    }
    foreach ($item in $Module.Params['kvp'] | Where-Object { $null -ne $_ }) {
        $result.Add(@{ Kind = 'kvp'; Name = $item['key']; Source = $item['source']; Value = $item['value'] })
    }
    if ($named -contains 'powershell_direct') {
        if ([string]::IsNullOrEmpty($Module.Params['guest_username'])) {
            $Module.FailJson('powershell_direct needs guest_username and guest_password: a guest is ready when it lets an account log on.')
        }
        $result.Add(@{ Kind = 'powershell_direct'; Name = '' })
    }
    if ($result.Count -eq 0) {
        $Module.FailJson('There is nothing to wait for: conditions, services and kvp are empty.')
    }
    if ($named -contains 'off' -and $result.Count -gt 1) {
        $Module.FailJson('A virtual machine that is off meets no other condition. Wait for off in a task of its own.')
    }
    return $result
}

Function ConvertTo-WaitLimit {
    <#
    .SYNOPSIS
    The seconds that each record may take, by its id; fails the module on a number that is none.

    .PARAMETER Module
    The running module, with the options timeout and vm_timeouts.

    .PARAMETER Record
    The selected records.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module,

        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record
    )

    $limits = @{}
    $unused = New-Object -TypeName 'System.Collections.Generic.List[string]'
    foreach ($item in $Record) {
        $limits[$item.Id] = [int]$Module.Params['timeout']
    }
    foreach ($entry in @(if ($null -ne $Module.Params['vm_timeouts']) { $Module.Params['vm_timeouts'].GetEnumerator() })) {
        $seconds = 0
        $key = [string]$entry.Key
        $value = [string]$entry.Value
        if (-not [int]::TryParse($value, [ref]$seconds) -or $seconds -lt 0) {
            $Module.FailJson("vm_timeouts: '$value' for '$key' is not a number of seconds.")
        }
        $meant = @($Record | Where-Object { $_.Name -eq $key -or $_.Id -eq $key })
        foreach ($item in $meant) {
            $limits[$item.Id] = $seconds
        }
        if ($meant.Count -eq 0) {
            $unused.Add($key)
        }
    }
    if ($unused.Count -gt 0) {
        $Module.Warn("vm_timeouts names virtual machines that are not selected: '$($unused -join "', '")'.")
    }
    return $limits
}

Function Read-GuestItem {
    <#
    .SYNOPSIS
    The key-value pairs that guests report, with one query: id of the virtual machine, source, key, value.

    .DESCRIPTION
    Keys are looked up without regard to case, as the registry of a Windows guest does it.

    .PARAMETER Record
    The records.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record
    )

    foreach ($item in $Record) {
        $item.Kvp = @{ Status = $null; Guest = $null; Intrinsic = $null }
    }
    Read-KeyValueComponent -Record $Record -Property GuestExchangeItems, GuestIntrinsicExchangeItems
    $result = @{}
    foreach ($item in $Record) {
        $tables = @{ guest = @{}; intrinsic = @{} }
        foreach ($pair in (ConvertFrom-KeyValueText -Text $item.Kvp.Guest)) {
            $tables.guest[[string]$pair[0]] = $pair[1]
        }
        foreach ($pair in (ConvertFrom-KeyValueText -Text $item.Kvp.Intrinsic)) {
            $tables.intrinsic[[string]$pair[0]] = $pair[1]
        }
        $result[$item.Id] = $tables
    }
    return $result
}

Function Get-GuestAddress {
    <#
    .SYNOPSIS
    The addresses that a guest reports and at which others can reach it: no loopback and no link-local ones.

    .PARAMETER Item
    The pairs of one virtual machine from Read-GuestItem, or null.

    .PARAMETER Version
    ipv4, ipv6 or any.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [hashtable]
        $Item,

        [Parameter(Mandatory = $true)]
        [string]
        $Version
    )

    if ($null -eq $Item) {
        return
    }
    foreach ($family in 'ipv4', 'ipv6') {
        if ($Version -ne 'any' -and $Version -ne $family) {
            continue
        }
        $key = if ($family -eq 'ipv4') { 'NetworkAddressIPv4' } else { 'NetworkAddressIPv6' }
        foreach ($text in ([string]$Item.intrinsic[$key]).Split(';')) {
            $address = $text.Trim()
            if ($address -ne '' -and $address -notmatch '^(127\.|169\.254\.|0\.0\.0\.0$|::1?$|fe[89ab][0-9a-f]:)') {
                $address
            }
        }
    }
}

Function Test-WaitCondition {
    <#
    .SYNOPSIS
    Whether a virtual machine meets one condition that the host can answer, and what it is instead.

    .PARAMETER Record
    The record with what was read last.

    .PARAMETER Condition
    One of ConvertTo-WaitCondition.

    .PARAMETER Item
    The key-value pairs of this virtual machine, or null.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Condition,

        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [hashtable]
        $Item
    )

    $answer = @{ Met = $false; Actual = $Record.State }
    $running = $Record.State -eq 'running' -or $Record.State -eq 'running_critical'
    if ($Condition.Kind -eq 'off') {
        $answer.Met = $Record.State -eq 'off' -or $Record.State -eq 'off_critical'
        return $answer
    }
    if (-not $running) {
        return $answer
    }
    if ($Condition.Kind -eq 'heartbeat' -or $Condition.Kind -eq 'service') {
        $key = if ($Condition.Kind -eq 'heartbeat') { 'heartbeat' } else { $Condition.Name }
        $service = $Record.Services[$key]
        $answer.Actual = if ($null -eq $service -or $null -eq $service.Status) {
            'no status'
        } elseif (-not $service.Enabled) {
            'disabled on the host'
        } else {
            $service.Status
        }
        # Degraded runs with an older but compatible protocol.
        $answer.Met = $answer.Actual -eq 'ok' -or $answer.Actual -eq 'degraded'
    } elseif ($Condition.Kind -eq 'ip_address') {
        $addresses = @(Get-GuestAddress -Item $Item -Version $Condition.Version)
        $answer.Actual = if ($addresses.Count -gt 0) { $addresses -join ', ' } else { 'no address' }
        $answer.Met = $addresses.Count -gt 0
    } else {
        $value = if ($null -ne $Item) { $Item[$Condition.Source][$Condition.Name] } else { $null }
        # The value may be a secret between host and guest: it is compared, not shown.
        $answer.Actual = if ($null -eq $value) { 'no such key' } else { 'another value' }
        $answer.Met = $null -ne $value -and ($null -eq $Condition.Value -or $value -ceq $Condition.Value)
        if ($answer.Met) {
            $answer.Actual = 'as expected'
        }
    }
    return $answer
}

Function Set-ConditionState {
    <#
    .SYNOPSIS
    Writes an answer into the Wait of a record, and into its progress if anything has changed.

    .PARAMETER Record
    The record.

    .PARAMETER Index
    Which of its conditions.

    .PARAMETER Answer
    Met (null: not known) and Actual.

    .PARAMETER Elapsed
    Seconds since the task began to wait.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record,

        [Parameter(Mandatory = $true)]
        [int]
        $Index,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Answer,

        [Parameter(Mandatory = $true)]
        [double]
        $Elapsed
    )

    $state = $Record.Wait.Conditions[$Index]
    if ($state.met -eq $Answer.Met -and $state.actual -ceq $Answer.Actual) {
        return
    }
    $state.met = $Answer.Met
    $state.actual = $Answer.Actual
    $state.met_after = if ($Answer.Met) { [math]::Round($Elapsed, 1) } else { $null }
    $Record.Wait.Progress.Add([ordered]@{
            elapsed = [math]::Round($Elapsed, 1)
            condition = $state.condition
            name = $state.name
            met = $Answer.Met
            actual = $Answer.Actual
        })
}

Function Read-WaitState {
    <#
    .SYNOPSIS
    Reads what the conditions need, with one query of each kind, and returns the key-value pairs.

    .DESCRIPTION
    An error is kept as the trouble of the records: the next poll may succeed. Only a virtual machine that has gone
    gets an Error.

    .PARAMETER Record
    The records that are still waited for.

    .PARAMETER Condition
    From ConvertTo-WaitCondition.

    .PARAMETER Again
    List the virtual machines anew.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [object[]]
        $Condition,

        [switch]
        $Again
    )

    $kinds = @($Condition | ForEach-Object { $_.Kind })
    $items = @{}
    $trouble = $null
    try {
        if ($Again) {
            Update-VMRecord -Record $Record
        }
        if ($kinds -contains 'ip_address' -or $kinds -contains 'kvp') {
            $items = Read-GuestItem -Record $Record
        }
    } catch {
        $trouble = "cannot be read: $($_.Exception.Message)"
    }
    $present = New-Object -TypeName 'System.Collections.Generic.List[object]'
    foreach ($item in $Record) {
        $item.Wait.Trouble = $trouble
        if ($null -eq $item.Error) {
            $present.Add($item)
        }
    }
    if ($kinds -contains 'heartbeat' -or $kinds -contains 'service') {
        Read-IntegrationService -Record $present
        foreach ($item in $present) {
            if ($null -ne $item.Error) {
                $item.Wait.Trouble = $item.Error
                $item.Error = $null
            }
        }
    }
    return $items
}

Function Update-WaitState {
    <#
    .SYNOPSIS
    One look at the records that are still waited for: writes the state of each of their conditions.

    .PARAMETER Record
    The records.

    .PARAMETER Condition
    From ConvertTo-WaitCondition.

    .PARAMETER Probe
    Option and ThrottleLimit of Invoke-GuestProbe, Seconds, and Skip, which leaves the guests alone.

    .PARAMETER Watch
    Measures since when the task waits.

    .PARAMETER Again
    List the virtual machines anew.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [object[]]
        $Condition,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Probe,

        [Parameter(Mandatory = $true)]
        [System.Diagnostics.Stopwatch]
        $Watch,

        [switch]
        $Again
    )

    $items = Read-WaitState -Record $Record -Condition $Condition -Again:$Again
    $elapsed = $Watch.Elapsed.TotalSeconds
    $ready = New-Object -TypeName 'System.Collections.Generic.List[object]'
    $last = $Condition.Count - 1
    $direct = $Condition[$last].Kind -eq 'powershell_direct'
    foreach ($item in $Record) {
        if ($null -ne $item.Error) {
            continue
        }
        $met = $item.State -eq 'running'
        for ($index = 0; $index -le $last; $index++) {
            if ($Condition[$index].Kind -ne 'powershell_direct') {
                $answer = Test-WaitCondition -Record $item -Condition $Condition[$index] -Item $items[$item.Id]
                Set-ConditionState -Record $item -Index $index -Answer $answer -Elapsed $elapsed
                $met = $met -and $answer.Met
            }
        }
        if ($direct -and $met -and -not $Probe.Skip) {
            $ready.Add($item)
        } elseif ($direct) {
            $actual = if ($item.State -eq 'running') { 'not tried' } else { $item.State }
            Set-ConditionState -Record $item -Index $last -Answer @{ Met = $null; Actual = $actual } -Elapsed $elapsed
        }
    }
    if ($ready.Count -gt 0) {
        Invoke-GuestProbe -Record $ready -Option $Probe.Option -ThrottleLimit $Probe.ThrottleLimit -Seconds $Probe.Seconds
        foreach ($item in $ready) {
            Set-ConditionState -Record $item -Index $last -Answer $item.Wait.Answer -Elapsed $Watch.Elapsed.TotalSeconds
        }
    }
}

Function Wait-GuestCondition {
    <#
    .SYNOPSIS
    Looks at all records again and again until each meets its conditions or its time is over; returns the number of looks.

    .PARAMETER Record
    Records with a Wait: Limit, Conditions, Progress, Reached, Elapsed.

    .PARAMETER Condition
    From ConvertTo-WaitCondition.

    .PARAMETER Probe
    For Update-WaitState, and LogonAttempts.

    .PARAMETER Interval
    Seconds between two looks.

    .PARAMETER Once
    Look once and do not wait.
    #>
    [CmdletBinding()]
    [OutputType([int])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [object[]]
        $Condition,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Probe,

        [Parameter(Mandatory = $true)]
        [int]
        $Interval,

        [switch]
        $Once
    )

    $open = New-Object -TypeName 'System.Collections.Generic.List[object]'
    foreach ($item in $Record) {
        if ($null -eq $item.Error) {
            $open.Add($item)
        }
    }
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    for ($poll = 0; $open.Count -gt 0; ) {
        $shortest = ($open | ForEach-Object { $_.Wait.Limit } | Measure-Object -Minimum).Minimum
        $Probe.Seconds = Get-ProbeTime -Limit $shortest -Elapsed $watch.Elapsed.TotalSeconds
        Update-WaitState -Record $open -Condition $Condition -Probe $Probe -Watch $watch -Again:($poll -gt 0)
        $poll++
        $elapsed = $watch.Elapsed.TotalSeconds
        $left = $Interval
        foreach ($item in $open.ToArray()) {
            $wait = $item.Wait
            $wait.Elapsed = [math]::Round($elapsed, 1)
            $unmet = @($wait.Conditions | Where-Object { -not $_.met })
            $wait.Reached = $null -eq $item.Error -and $unmet.Count -eq 0
            $hopeless = $wait.Refused -ge $Probe.LogonAttempts -or $elapsed -ge $wait.Limit -or $Once
            if ($wait.Reached -or $null -ne $item.Error -or $hopeless) {
                [void]$open.Remove($item)
            } else {
                $left = [math]::Min($left, $wait.Limit - $elapsed)
            }
        }
        if ($open.Count -gt 0) {
            Start-Sleep -Milliseconds ([int][math]::Ceiling([math]::Max($left, 0.1) * 1000))
        }
    }
    return $poll
}

Export-ModuleMember -Function ConvertTo-WaitCondition, ConvertTo-WaitLimit, Wait-GuestCondition
