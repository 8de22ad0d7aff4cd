# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

# What goes wrong between host and guest with PowerShell Direct: which kind of error it is, and what to do.

# Why something failed, as one word for programs, by the kind of Get-GuestErrorKind or of those that use this file.
$script:reasons = @{
    credential = 'credential'
    guest = 'guest'
    language = 'configuration'
    module = 'no_module'
    refused = 'refused'
    state = 'not_running'
    timeout = 'timeout'
    transport = 'no_answer'
    vm = 'not_found'
}

Function Get-GuestErrorKind {
    <#
    .SYNOPSIS
    What went wrong with a session to a guest: vm, state, credential, transport, module, language or other.

    .DESCRIPTION
    Decides on the error id and on the types of the exceptions: their texts follow the language of the host.

    .PARAMETER ErrorRecord
    The error of New-PSSession or Invoke-Command.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [System.Management.Automation.ErrorRecord]
        $ErrorRecord
    )

    switch -Wildcard (([string]$ErrorRecord.FullyQualifiedErrorId -split ',')[0]) {
        'HyperVModuleNotAvailable' { return 'module' }
        'InvalidVMIdNotSingle' { return 'vm' }
        'InvalidVMNameNotSingle' { return 'vm' }
        'InvalidVMState' { return 'state' }
        'VMSessionConnectFailed' { return 'transport' }
        # No language, a restricted one, a constrained one.
        'ScriptsNotAllowed' { return 'language' }
        '*NotSupportedInDataSection' { return 'language' }
        '*InConstrainedLanguage' { return 'language' }
    }
    $exception = $ErrorRecord.Exception
    while ($null -ne $exception) {
        $type = $exception.GetType().Name
        if ($type -eq 'PSDirectException') {
            return 'credential'
        }
        if ($type -eq 'PSRemotingTransportException' -or $type -eq 'PSRemotingDataStructureException' -or $type -eq 'SocketException') {
            return 'transport'
        }
        $exception = $exception.InnerException
    }
    return 'other'
}

Function Get-GuestReason {
    <#
    .SYNOPSIS
    Why something failed, as one word for programs.

    .PARAMETER Record
    A record with an Error.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record
    )

    $kind = [string]$Record['ErrorKind']
    if ($script:reasons.ContainsKey($kind)) {
        return $script:reasons[$kind]
    }
    return 'other'
}

Function Test-HandshakePolicy {
    <#
    .SYNOPSIS
    Whether this host talks only to guests that know the secure handshake of PowerShell Direct.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param ()

    $key = Get-Item -LiteralPath 'HKLM:\SOFTWARE\Microsoft\PowerShell' -ErrorAction SilentlyContinue
    if ($null -eq $key) {
        return $false
    }
    $value = $key.GetValue('RequirePsDirectAuthentication')
    return $null -ne $value -and [string]$value -ne '0'
}

Function Get-GuestErrorText {
    <#
    .SYNOPSIS
    Says in one text why a guest could not be reached and what to do.

    .PARAMETER ErrorRecord
    The error of New-PSSession or Invoke-Command.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [System.Management.Automation.ErrorRecord]
        $ErrorRecord
    )

    $detail = "The host reported: $(([string]$ErrorRecord.Exception.Message).Trim())"
    switch (Get-GuestErrorKind -ErrorRecord $ErrorRecord) {
        'module' {
            return "the host lacks the Hyper-V module for PowerShell. Install the feature Hyper-V-PowerShell. $detail"
        }
        'vm' {
            return 'the host does not resolve its id to one virtual machine. It was deleted or moved meanwhile, or the connecting account is not ' +
            "a member of Hyper-V Administrators (S-1-5-32-578). $detail"
        }
        'state' {
            return "it is not running. Start it first. $detail"
        }
        'credential' {
            # The type of the error is the same, and its text follows the language of the host.
            $policy = if (Test-HandshakePolicy) {
                'This host requires the secure handshake (RequirePsDirectAuthentication in HKLM\SOFTWARE\Microsoft\PowerShell) and refuses guests ' +
                'without the updates for it in the same way, whatever the password: update the guest. '
            }
            return 'the guest refused the logon. Check guest_username and guest_password, that the account is enabled in the guest and that host ' +
            'and guest have all updates. Shortly after a boot, or after a promotion to a domain controller, a right password may be refused for a ' +
            "while: set logon_retries. $policy$detail"
        }
        'transport' {
            return 'PowerShell Direct got no answer or lost the session. The guest must be Windows 10, Windows Server 2016 or later, have finished ' +
            'its boot, and run the service vmicvmsession; see retries. A PowerShell 7 host may need configuration_name ' +
            "Microsoft.PowerShell. $detail"
        }
        'language' {
            return 'the session configuration of the guest does not allow the full language of PowerShell, as those of Just Enough Administration ' +
            'usually do not. Scripts run in the guest, and nothing can be done there without them: configuration_name must name a configuration ' +
            "whose LanguageMode is FullLanguage, or be left out for the default one. $detail"
        }
    }
    return $detail
}

Function Get-ReplyFailure {
    <#
    .SYNOPSIS
    Why a guest has not answered: Kind and Text, as those of Get-GuestErrorKind and Get-GuestErrorText; nothing when it has.

    .PARAMETER Reply
    From Invoke-GuestScript.

    .PARAMETER Timeout
    The seconds that the guest was given.

    .PARAMETER Answered
    What it wrote is the answer, unless an error or the end of its time came as well.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Reply,

        [Parameter(Mandatory = $true)]
        [int]
        $Timeout,

        [switch]
        $Answered
    )

    if ($Reply.TimedOut) {
        $text = "the guest did not answer within $Timeout seconds; it hangs, or is very slow. What runs in it was left running; see timeout."
        return @{ Kind = 'timeout'; Text = $text }
    }
    if ($Reply.ErrorRecord.Count -gt 0) {
        $first = $Reply.ErrorRecord[0]
        $kind = Get-GuestErrorKind -ErrorRecord $first
        # In an open session nobody logs on: the guest refuses one that it has lost.
        if ($kind -ne 'transport' -and $kind -ne 'credential' -and [string]$Reply.Record.Session.State -eq 'Opened') {
            return @{ Kind = $kind; Text = (Get-GuestErrorText -ErrorRecord $first) }
        }
        $text = 'the session ended: the guest was restarted or stopped, or its service vmicvmsession was. The host reported: ' +
        ([string]$first.Exception.Message).Trim()
        return @{ Kind = 'transport'; Text = $text }
    }
    if (-not $Answered) {
        return @{ Kind = 'transport'; Text = 'the session ended without an answer.' }
    }
}

Export-ModuleMember -Function Get-GuestErrorKind, Get-GuestErrorText, Get-GuestReason, Get-ReplyFailure
