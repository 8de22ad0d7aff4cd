# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._FileTransfer
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._FileTree

# Files from guests to the host through PowerShell Direct: the counterpart of Copy-TreeToGuest.

Function Copy-TreeFromGuest {
    <#
    .SYNOPSIS
    Carries out the plans of virtual machines whose files come to the host, several at a time, each file by file.

    .PARAMETER Record
    Records with Session, Plan, SourceRoot (in the guest) and Root (on the host). Sets Done, Backup and Error of the
    steps, and Error of records.

    .PARAMETER Option
    Throttle, Timeout, BackupSuffix.
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
        if ($null -eq $item.Error -and ($item.Plan.Copy.Count -gt 0 -or $item.Plan.NewDirectory.Count -gt 0)) {
            $answer = & (Get-FileScript -Name 'newDirectory') $item.Root @(Get-ParentDirectory -Plan $item.Plan)
            Set-HostError -Record $item -Name 'newDirectory' -Answer $answer
        }
    }
    $next = { param ($Record, $Reply) Get-PartArgument -Record $Record -Reply $Reply }
    Invoke-OwnScript -Record $Record -Name 'readPart' -NextArgument $next -Option $Option
    foreach ($item in $Record) {
        if ($null -ne $item.Error) {
            continue
        }
        if ($item.Plan.RemoveFile.Count -gt 0 -or $item.Plan.RemoveDirectory.Count -gt 0) {
            $answer = & (Get-FileScript -Name 'removeEntry') $item.Root $item.Plan.RemoveFile.ToArray() $item.Plan.RemoveDirectory.ToArray()
            Set-HostError -Record $item -Name 'removeEntry' -Answer $answer
        }
    }
}

Function Set-HostError {
    <#
    .SYNOPSIS
    Makes what went wrong on the host the error of a record, and takes what was not done out of its plan.

    .PARAMETER Record
    The record.

    .PARAMETER Name
    The script of _FileTree that has run: newDirectory or removeEntry.

    .PARAMETER Answer
    What it says; an empty Message is no error.
    #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'changes only a hashtable')]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record,

        [Parameter(Mandatory = $true)]
        [string]
        $Name,

        [Parameter(Mandatory = $true)]
        [psobject]
        $Answer
    )

    if ($Answer.Message -ne '') {
        $Record.Error = "on the host: $($Answer.Message)"
        Clear-PlannedEntry -Record $Record -Name $Name -Done $Answer.Done.ToArray()
    }
}

Function Get-PartArgument {
    <#
    .SYNOPSIS
    For Invoke-OwnScript: puts the part that came from a guest on the host, and says which part comes next.

    .PARAMETER Record
    A record with Plan, SourceRoot and Root. Transfer counts the file and the bytes of it that are there.

    .PARAMETER Reply
    What the guest said, null before it was asked.
    #>
    [CmdletBinding()]
    [OutputType([object[]])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record,

        [Parameter(Mandatory = $true)]
        [AllowNull()]
        [hashtable]
        $Reply
    )

    $plan = $Record.Plan
    $transfer = $Record.Transfer
    if ($null -ne $Reply -and (Add-FilePart -Record $Record -Step $plan.Copy[$transfer.Number] -Reply $Reply)) {
        $transfer.Number++
        $transfer.Offset = [long]0
    }
    while ($transfer.Number -lt $plan.Copy.Count -and $plan.Copy[$transfer.Number].Error -ne '') {
        # Of those that are not finished, only files that could not even be read before have an Error.
        $transfer.Number++
    }
    if ($null -ne $Record.Error) {
        $plan.RemoveFile.Clear()
        $plan.RemoveDirectory.Clear()
    } elseif ($transfer.Number -lt $plan.Copy.Count) {
        $file = $plan.Copy[$transfer.Number].File
        return , @($Record.SourceRoot, $file.Source, $transfer.Offset, [int][math]::Min([long](Get-PartSize), $file.Length - $transfer.Offset))
    }
}

Function Add-FilePart {
    <#
    .SYNOPSIS
    Appends a part to the temporary file on the host; returns whether the file is finished, be it that it failed.

    .PARAMETER Record
    The record.

    .PARAMETER Step
    The step; sets its Done, Backup and Error.

    .PARAMETER Reply
    What the guest said.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Step,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Reply
    )

    $file = $Step.File
    $transfer = $Record.Transfer
    $suffix = Get-TemporarySuffix -File $file
    Set-StepError -Step $Step -Message (Get-ReplyMessage -Reply $Reply -Timeout $transfer.Option.Timeout)
    if ($Step.Error -eq '') {
        $answer = & (Get-FileScript -Name 'writePart') $Record.Root $file.Path $suffix $transfer.Offset ([string]$Reply.Output[0].Data)
        Set-StepError -Step $Step -Message $answer.Message
    }
    if ($Step.Error -ne '') {
        # Nothing is left of a file that did not arrive.
        $null = & (Get-FileScript -Name 'removeEntry') $Record.Root @($file.Path + $suffix) @()
        return $true
    }
    $transfer.Offset += (Get-PartSize)
    if ($transfer.Offset -lt $file.Length) {
        return $false
    }
    $complete = Get-FileScript -Name 'completeFile'
    $answer = & $complete $Record.Root $file.Path $suffix $file.Hash $file.Modified $file.Attributes $transfer.Option.BackupSuffix @()
    Set-StepError -Step $Step -Message $answer.Message
    $Step.Backup = [string]$answer.Backup
    $Step.Done = $Step.Error -eq ''
    return $true
}

Export-ModuleMember -Function Copy-TreeFromGuest
