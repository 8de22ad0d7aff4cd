# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestServicePlan
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestError

# What guests say of their half of the integration services, for reports.

Function ConvertTo-GuestServiceInfo {
    <#
    .SYNOPSIS
    What a guest said of itself as plain data.

    .PARAMETER Record
    A record after Invoke-GuestServiceOnRecord; its Error says why the guest could not be read.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record
    )

    $services = [ordered]@{}
    $read = $null -ne $Record.Guest
    if ($read) {
        foreach ($key in $Record.Guest.Services.Keys) {
            $service = $Record.Guest.Services[$key]
            $services[$key] = [ordered]@{ present = $service.Present; start_mode = $service.StartMode; running = $service.Running }
        }
    }
    return [ordered]@{
        read = $read
        reason = if ($null -ne $Record.Error) { Get-GuestReason -Record $Record } else { '' }
        msg = [string]$Record.Error
        integration_services_version = if ($read) { $Record.Guest.Version } else { $null }
        clock_offset = if ($null -ne $Record.Clock) { $Record.Clock.Offset } else { $null }
        clock_round_trip = if ($null -ne $Record.Clock) { $Record.Clock.RoundTrip } else { $null }
        services = $services
    }
}

Function Read-GuestInfo {
    <#
    .SYNOPSIS
    Asks the guests into the GuestInfo of their records. One that cannot be entered is no failure of its virtual machine.

    .PARAMETER Record
    Records after Read-IntegrationService.

    .PARAMETER Module
    The running module.

    .PARAMETER Credential
    An account of the guests.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [object]
        $Module,

        [Parameter(Mandatory = $true)]
        [pscredential]
        $Credential
    )

    $asked = New-Object -TypeName 'System.Collections.Generic.List[object]'
    foreach ($item in $Record) {
        if ($null -eq $item.Error) {
            $asked.Add($item)
        }
    }
    $options = @{ Credential = $Credential; Option = $Module.Params; MeasureClock = $Module.Params.measure_clock }
    Invoke-GuestServiceOnRecord -Record $asked @options
    foreach ($item in $asked) {
        $item.GuestInfo = ConvertTo-GuestServiceInfo -Record $item
        $item.Error = $null
    }
}

Export-ModuleMember -Function Read-GuestInfo
