# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

# Error texts follow the language of the host, so only the error id, the category and the type of an error
# decide here. The host's own text is passed on for people to read.

Function Get-ErrorId {
    <#
    .SYNOPSIS
    The first part of the fully qualified error id, for example ObjectNotFound, or an empty text.

    .PARAMETER ErrorRecord
    The error.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [System.Management.Automation.ErrorRecord]
        $ErrorRecord
    )

    return ([string]$ErrorRecord.FullyQualifiedErrorId -split ',')[0]
}

Function Get-HostErrorText {
    <#
    .SYNOPSIS
    Says what to do about an error that concerns the whole host and not one virtual machine.

    .PARAMETER ErrorRecord
    The error of a Hyper-V cmdlet.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [System.Management.Automation.ErrorRecord]
        $ErrorRecord
    )

    if ($ErrorRecord.Exception -is [System.Management.Automation.CommandNotFoundException]) {
        return 'The Hyper-V module for PowerShell is not available on this host. Install the feature Hyper-V-PowerShell ' +
        '(Windows Server, for example with ansible.windows.win_feature) or Microsoft-Hyper-V-Management-PowerShell ' +
        '(Windows client), and connect with the 64-bit PowerShell.'
    }

    $detail = "The host reported: $($ErrorRecord.Exception.Message)"
    $id = Get-ErrorId -ErrorRecord $ErrorRecord
    if ($id -eq 'AccessDenied' -or $ErrorRecord.CategoryInfo.Category -eq 'PermissionDenied') {
        return 'Hyper-V does not permit the connecting account to manage virtual machines. Add the account to the local group ' +
        "Hyper-V Administrators (S-1-5-32-578) or Administrators (S-1-5-32-544) and connect again. $detail"
    }
    if ($id -eq 'ObjectNotFound') {
        return 'The Hyper-V management service does not answer. Start the Windows service vmms; if there is no such service, install ' +
        'the Hyper-V role and restart the host; if it is running, the connecting account may lack membership in ' +
        "Hyper-V Administrators (S-1-5-32-578). $detail"
    }
    return 'Hyper-V could not list the virtual machines. Check that the Windows service vmms is running and that the connecting ' +
    "account is a member of Hyper-V Administrators (S-1-5-32-578). $detail"
}

Function Get-VMErrorText {
    <#
    .SYNOPSIS
    Says in one sentence why something failed for one virtual machine.

    .PARAMETER ErrorRecord
    The error of a Hyper-V cmdlet.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [System.Management.Automation.ErrorRecord]
        $ErrorRecord
    )

    $text = ([string]$ErrorRecord.Exception.Message).Trim()
    $id = Get-ErrorId -ErrorRecord $ErrorRecord
    if ($id -eq 'AccessDenied' -or $ErrorRecord.CategoryInfo.Category -eq 'PermissionDenied') {
        return "access denied: $text"
    }
    if ($id -eq 'ObjectNotFound') {
        return "not found any more, it was deleted or moved to another host meanwhile: $text"
    }
    if ($id -eq 'InvalidState') {
        return "its state does not allow this: $text"
    }
    return $text
}

Function Get-ErrorVMId {
    <#
    .SYNOPSIS
    The id of the virtual machine that an error is about, or an empty text where the error does not tell.

    .DESCRIPTION
    Hyper-V leaves the target of many errors empty. Their texts are localized, but an id in a text is the same in
    every language.

    .PARAMETER ErrorRecord
    The error of a Hyper-V cmdlet.

    .PARAMETER Known
    A dictionary whose keys are the ids that come into question.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [System.Management.Automation.ErrorRecord]
        $ErrorRecord,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Known
    )

    $target = $ErrorRecord.TargetObject
    if ($null -ne $target) {
        # A virtual machine has its GUID in Id, a component of one in VMId (its own Id is a text).
        foreach ($name in 'VMId', 'Id') {
            $property = $target.PSObject.Properties[$name]
            if ($null -eq $property) {
                continue
            }
            try {
                $value = $property.Value
            } catch {
                # The getters of an object that has been deleted on the host throw.
                continue
            }
            if ($value -is [guid] -and $Known.ContainsKey($value.ToString())) {
                return $value.ToString()
            }
        }
    }
    foreach ($match in [regex]::Matches([string]$ErrorRecord.Exception.Message, '(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}')) {
        $id = $match.Value.ToLowerInvariant()
        if ($Known.ContainsKey($id)) {
            return $id
        }
    }
    return ''
}

Export-ModuleMember -Function Get-ErrorVMId, Get-HostErrorText, Get-VMErrorText
