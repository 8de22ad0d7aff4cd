# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestError
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestSession

# The guest's half of the integration services, read and set through PowerShell Direct.

# Names of the Windows services by service key. They are the same in every language, their display names are not.
$script:serviceNames = [ordered]@{
    guest_service_interface = 'vmicguestinterface'
    heartbeat = 'vmicheartbeat'
    key_value_pair_exchange = 'vmickvpexchange'
    powershell_direct = 'vmicvmsession'
    shutdown = 'vmicshutdown'
    time_synchronization = 'vmictimesync'
    vss = 'vmicvss'
}

# What runs in a guest: brings the services in $Wanted (name -> start_mode, state) to what they are wanted to be, and
# says how all of them are. Only text reaches the guest, so it stands on its own.
$script:serviceScript = {
    param ($Wanted)

    $ErrorActionPreference = 'Stop'
    $ProgressPreference = 'SilentlyContinue'
    $problems = @{}
    foreach ($name in @($Wanted.Keys)) {
        $mode = [string]$Wanted[$name]['start_mode']
        $state = [string]$Wanted[$name]['state']
        try {
            $service = Get-Service -Name $name
            $later = $mode -eq 'disabled'
            if ($mode -ne '' -and -not $later -and [string]$service.StartType -ne $mode) {
                Set-Service -Name $name -StartupType $mode
            }
            if ($state -eq 'restarted') {
                Restart-Service -Name $name -Force
            } elseif ($state -eq 'started' -and [string]$service.Status -ne 'Running') {
                Start-Service -Name $name
            } elseif ($state -eq 'stopped' -and [string]$service.Status -ne 'Stopped') {
                Stop-Service -Name $name -Force
            }
            if ($later -and [string]$service.StartType -ne $mode) {
                Set-Service -Name $name -StartupType $mode
            }
        } catch {
            $problems[$name] = [string]$_.Exception.Message
        }
    }

    $services = @{}
    # With a wildcard, a service that is missing is no error.
    foreach ($service in @(Get-Service -Name 'vmic*')) {
        $services[([string]$service.Name).ToLowerInvariant()] = @{
            start_mode = ([string]$service.StartType).ToLowerInvariant()
            running = [string]$service.Status -eq 'Running'
        }
    }
    $version = $null
    $key = Get-Item -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Virtual Machine\Auto' -ErrorAction SilentlyContinue
    if ($null -ne $key) {
        $version = $key.GetValue('IntegrationServicesVersion')
    }
    @{ kind = 'services'; services = $services; version = [string]$version; problems = $problems }
}

Function Get-GuestServiceName {
    <#
    .SYNOPSIS
    The names of the Windows services by service key, in alphabetical order of the keys.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param ()

    return $script:serviceNames
}

Function ConvertTo-GuestState {
    <#
    .SYNOPSIS
    The services of a guest by their key: Present, StartMode (null where it is not known), Running.

    .PARAMETER Service
    What the guest said, by the name of the service.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param (
        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Service
    )

    $state = [ordered]@{}
    foreach ($key in $script:serviceNames.Keys) {
        $found = $Service[$script:serviceNames[$key]]
        $mode = if ($null -eq $found) { '' } else { [string]$found['start_mode'] }
        $state[$key] = @{
            Present = $null -ne $found
            StartMode = if ($mode -eq '') { $null } else { $mode }
            Running = $null -ne $found -and [bool]$found['running']
        }
    }
    return $state
}

Function Invoke-GuestServiceScript {
    <#
    .SYNOPSIS
    Sets services in guests and reads all of them back into Guest (Services, Version, Problems by key) of the records.

    .PARAMETER Record
    Records with a Session. What fails is the Error of its record, which then keeps the Guest it had.

    .PARAMETER Wanted
    Hashtables with start_mode and state by the name of the service; empty to only read.

    .PARAMETER Option
    The parameters of the module: throttle and timeout.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Wanted,

        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Option
    )

    $running = @{
        ScriptBlock = $script:serviceScript
        ArgumentList = @(, $Wanted)
        ThrottleLimit = $Option['throttle']
        Timeout = $Option['timeout']
    }
    foreach ($reply in @(Invoke-GuestScript -Record $Record @running)) {
        $item = $reply.Record
        $answer = $null
        foreach ($output in $reply.Output) {
            if ($output -is [System.Collections.IDictionary] -and $output['kind'] -eq 'services') {
                $answer = $output
            }
        }
        # A guest may hang after it has answered.
        if ($null -eq $answer -or $reply.TimedOut) {
            $failure = Get-ReplyFailure -Reply $reply -Timeout $Option['timeout']
            $item.ErrorKind = $failure.Kind
            $item.Error = $failure.Text
            continue
        }
        $problems = @{}
        foreach ($key in $script:serviceNames.Keys) {
            $text = [string]$answer['problems'][$script:serviceNames[$key]]
            if ($text -ne '') {
                $problems[$key] = $text
            }
        }
        $item.Guest = @{
            Services = ConvertTo-GuestState -Service $answer['services']
            Version = if ([string]$answer['version'] -eq '') { $null } else { [string]$answer['version'] }
            Problems = $problems
        }
    }
}

Function Measure-GuestClock {
    <#
    .SYNOPSIS
    Measures how far the clocks of guests are ahead of the host's, into Clock (Offset, RoundTrip in seconds) of the records.

    .DESCRIPTION
    The guest's time is compared with the middle between asking and answer, that is, the round trip is halved. Of some
    attempts the one with the shortest round trip counts: the error is at most half of it. One guest after the other,
    as waiting for another one would count as round trip.

    .PARAMETER Record
    Records with a Session. Clock stays null where there is no answer.

    .PARAMETER Option
    The parameters of the module: timeout.

    .PARAMETER Attempts
    How often to ask each guest.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [System.Collections.IDictionary]
        $Option,

        [int]
        $Attempts = 3
    )

    $asking = @{ ScriptBlock = { [datetime]::UtcNow.Ticks }; ArgumentList = @(); ThrottleLimit = 1; Timeout = $Option['timeout'] }
    foreach ($item in $Record) {
        $one = New-Object -TypeName 'System.Collections.Generic.List[object]'
        $one.Add($item)
        $best = $null
        for ($attempt = 0; $attempt -lt $Attempts; $attempt++) {
            $before = [datetime]::UtcNow
            $reply = @(Invoke-GuestScript -Record $one @asking)
            $after = [datetime]::UtcNow
            if ($reply.Count -eq 0 -or $reply[0].Output.Count -eq 0) {
                break
            }
            $trip = ($after - $before).Ticks
            if ($null -eq $best -or $trip -lt $best.Trip) {
                $best = @{ Trip = $trip; Ahead = [long]$reply[0].Output[0] - $before.Ticks - $trip / 2 }
            }
        }
        if ($null -ne $best) {
            $item.Clock = @{
                Offset = [math]::Round($best.Ahead / [timespan]::TicksPerSecond, 3)
                RoundTrip = [math]::Round($best.Trip / [timespan]::TicksPerSecond, 3)
            }
        }
    }
}

Export-ModuleMember -Function Get-GuestServiceName, Invoke-GuestServiceScript, Measure-GuestClock
