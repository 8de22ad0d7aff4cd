# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._FileTree
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestError
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestSession

# Files from the host to guests through PowerShell Direct, in parts, so that memory does not grow with their size; and what
# this has in common with the other direction, which is in _FileReceive.psm1.
# A file is written under a temporary name beside its place and moved there once its hash is right: a copy that is cut
# off leaves nothing under the final name. The temporary name follows from the content, so the next run overwrites it.

# Bytes. Copy-Item -ToSession sends 4 MiB of base64 in one piece.
$script:partSize = 2097152

Function Get-PartSize {
    <#
    .SYNOPSIS
    How many bytes of a file travel at a time.
    #>
    [CmdletBinding()]
    [OutputType([int])]
    param ()

    return $script:partSize
}

Function Get-ReplyMessage {
    <#
    .SYNOPSIS
    The error of a reply as text, or an empty text; a guest that cannot be reached any more becomes the error of its record.

    .PARAMETER Reply
    From Invoke-GuestScript with a script of _FileTree.

    .PARAMETER Timeout
    The seconds that were waited, for the text.

    .PARAMETER AllowEmpty
    No answer at all is an answer too.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Reply,

        [Parameter(Mandatory = $true)]
        [int]
        $Timeout,

        [switch]
        $AllowEmpty
    )

    $failure = Get-ReplyFailure -Reply $Reply -Timeout $Timeout -Answered:($AllowEmpty -or $Reply.Output.Count -gt 0)
    if ($null -ne $failure) {
        $Reply.Record.Error = $failure.Text
        return $failure.Text
    }
    if ($Reply.Output.Count -eq 0) {
        return ''
    }
    $last = $Reply.Output[$Reply.Output.Count - 1]
    if ($null -ne $last.PSObject.Properties['Message']) {
        return [string]$last.Message
    }
    return ''
}

Function Get-TemporarySuffix {
    <#
    .SYNOPSIS
    What is appended to the name of a file while it is incomplete.

    .PARAMETER File
    A file of a manifest.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $File
    )

    return ".$($File.Hash.Substring(0, 8)).hvtmp"
}

Function Get-ParentDirectory {
    <#
    .SYNOPSIS
    The directories that a plan needs, each once, the root first.

    .PARAMETER Plan
    From Get-FilePlan.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Plan
    )

    $seen = New-Object -TypeName 'System.Collections.Generic.HashSet[string]' -ArgumentList ([StringComparer]::OrdinalIgnoreCase)
    $paths = @('') + @($Plan.NewDirectory) + @(
        foreach ($step in $Plan.Copy) {
            $cut = $step.File.Path.LastIndexOf('\')
            if ($cut -gt 0) {
                $step.File.Path.Substring(0, $cut)
            }
        }
    )
    foreach ($path in $paths) {
        if ($seen.Add($path)) {
            $path
        }
    }
}

Function Set-StepError {
    <#
    .SYNOPSIS
    Marks a step as failed with the first reason that is given for it.

    .PARAMETER Step
    A step of a plan.

    .PARAMETER Message
    The reason; empty is none.
    #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'changes only a hashtable')]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Step,

        [Parameter(Mandatory = $true)]
        [AllowEmptyString()]
        [string]
        $Message
    )

    if ($Message -ne '' -and $Step.Error -eq '') {
        $Step.Error = $Message
    }
}

Function Invoke-StepScript {
    <#
    .SYNOPSIS
    Runs a script for one file in the guests that need it and puts errors into their steps.

    .PARAMETER Target
    Hashtables with Record and Step.

    .PARAMETER ScriptBlock
    A script of _FileTree.

    .PARAMETER ArgumentList
    Its arguments.

    .PARAMETER Option
    Throttle and Timeout.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Target,

        [Parameter(Mandatory = $true)]
        [scriptblock]
        $ScriptBlock,

        [Parameter(Mandatory = $true)]
        [object[]]
        $ArgumentList,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Option
    )

    $records = New-Object -TypeName 'System.Collections.Generic.List[object]'
    $steps = @{}
    foreach ($item in $Target) {
        if ($item.Step.Error -eq '' -and $null -eq $item.Record.Error) {
            $records.Add($item.Record)
            $steps[$item.Record.Id] = $item.Step
        }
    }
    $arguments = @{
        Record = $records
        ScriptBlock = $ScriptBlock
        ArgumentList = $ArgumentList
        ThrottleLimit = $Option.Throttle
        Timeout = $Option.Timeout
    }
    foreach ($reply in Invoke-GuestScript @arguments) {
        $step = $steps[$reply.Record.Id]
        Set-StepError -Step $step -Message (Get-ReplyMessage -Reply $reply -Timeout $Option.Timeout)
        if ($step.Error -eq '' -and $null -ne $reply.Output[0].PSObject.Properties['Backup']) {
            $step.Backup = [string]$reply.Output[0].Backup
        }
    }
}

Function Send-FileToGuest {
    <#
    .SYNOPSIS
    Sends one file of the host to the guests that need it. Each part is read once, whatever the number of guests.

    .PARAMETER File
    The file of the manifest; Source is its path below SourceRoot.

    .PARAMETER Target
    Hashtables with Record and Step.

    .PARAMETER SourceRoot
    A directory of the host.

    .PARAMETER Root
    The directory in the guests.

    .PARAMETER Option
    Throttle, Timeout, BackupSuffix, Validate.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $File,

        [Parameter(Mandatory = $true)]
        [System.Collections.Generic.List[object]]
        $Target,

        [Parameter(Mandatory = $true)]
        [string]
        $SourceRoot,

        [Parameter(Mandatory = $true)]
        [string]
        $Root,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Option
    )

    $suffix = Get-TemporarySuffix -File $File
    $read = Get-FileScript -Name 'readPart'
    $write = Get-FileScript -Name 'writePart'
    $offset = [long]0
    do {
        $part = & $read $SourceRoot $File.Source $offset ([math]::Min([long]$script:partSize, $File.Length - $offset))
        if ($part.Message -ne '') {
            foreach ($item in $Target) {
                Set-StepError -Step $item.Step -Message "the source cannot be read: $($part.Message)"
            }
            break
        }
        Invoke-StepScript -Target $Target -ScriptBlock $write -ArgumentList @($Root, $File.Path, $suffix, $offset, $part.Data) -Option $Option
        $offset += $script:partSize
        $open = @($Target | Where-Object { $_.Step.Error -eq '' -and $null -eq $_.Record.Error })
    } while ($offset -lt $File.Length -and $open.Count -gt 0)

    $arguments = @($Root, $File.Path, $suffix, $File.Hash, $File.Modified, $File.Attributes, $Option.BackupSuffix, $Option.Validate)
    Invoke-StepScript -Target $Target -ScriptBlock (Get-FileScript -Name 'completeFile') -ArgumentList $arguments -Option $Option
    $broken = New-Object -TypeName 'System.Collections.Generic.List[object]'
    foreach ($item in $Target) {
        if ($null -ne $item.Record.Error) {
            continue
        }
        $item.Step.Done = $item.Step.Error -eq ''
        if (-not $item.Step.Done) {
            $broken.Add($item.Record)
        }
    }
    # Nothing is left of a file that did not arrive. It may not even have been begun, so what this says does not count.
    $null = Invoke-GuestScript -Record $broken -ScriptBlock (Get-FileScript -Name 'removeEntry') -ArgumentList @(
        $Root, @($File.Path + $suffix), @()
    ) -ThrottleLimit $Option.Throttle -Timeout $Option.Timeout
}

Function Copy-TreeToGuest {
    <#
    .SYNOPSIS
    Carries out the plans of many virtual machines: directories, files, and what is to be removed.

    .PARAMETER Record
    Records with Session and Plan. Sets Done, Backup and Error of the steps, and Error of records.

    .PARAMETER SourceRoot
    The directory of the host that the sources are in.

    .PARAMETER Root
    The directory in the guests.

    .PARAMETER Option
    Throttle, Timeout, BackupSuffix, Validate.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [string]
        $SourceRoot,

        [Parameter(Mandatory = $true)]
        [string]
        $Root,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Option
    )

    $directories = { param ($Record, $Reply) Get-DirectoryArgument -Record $Record -Reply $Reply }
    Invoke-OwnScript -Record $Record -Name 'newDirectory' -NextArgument $directories -Root $Root -Option $Option
    $files = [ordered]@{}
    foreach ($item in $Record) {
        if ($null -ne $item.Error) {
            continue
        }
        foreach ($step in $item.Plan.Copy) {
            if (-not $files.Contains($step.File.Path)) {
                $files[$step.File.Path] = New-Object -TypeName 'System.Collections.Generic.List[object]'
            }
            $files[$step.File.Path].Add(@{ Record = $item; Step = $step })
        }
    }
    foreach ($path in @($files.Keys)) {
        Send-FileToGuest -File $files[$path][0].Step.File -Target $files[$path] -SourceRoot $SourceRoot -Root $Root -Option $Option
    }
    foreach ($item in $Record) {
        # What a guest was lost before is not done in it.
        if ($null -ne $item.Error -and $null -ne $item.Plan) {
            $item.Plan.RemoveFile.Clear()
            $item.Plan.RemoveDirectory.Clear()
        }
    }
    $removals = { param ($Record, $Reply) Get-RemovalArgument -Record $Record -Reply $Reply }
    Invoke-OwnScript -Record $Record -Name 'removeEntry' -NextArgument $removals -Root $Root -Option $Option
}

Function Clear-PlannedEntry {
    <#
    .SYNOPSIS
    Takes what was not done out of the directories and removals of a plan, so that it is not reported as done.

    .PARAMETER Record
    A record with a Plan.

    .PARAMETER Name
    The script of _FileTree that has failed: newDirectory, after which nothing else is done, or removeEntry.

    .PARAMETER Done
    The paths that it has dealt with before.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record,

        [Parameter(Mandatory = $true)]
        [string]
        $Name,

        [AllowEmptyCollection()]
        [string[]]
        $Done = @()
    )

    $plan = $Record.Plan
    $lists = if ($Name -eq 'newDirectory') { 'NewDirectory', 'RemoveFile', 'RemoveDirectory' } else { 'RemoveFile', 'RemoveDirectory' }
    foreach ($list in $lists) {
        foreach ($path in $plan[$list].ToArray()) {
            if ($Done -notcontains $path -or ($Name -eq 'newDirectory' -and $list -ne 'NewDirectory')) {
                [void]$plan[$list].Remove($path)
            }
        }
    }
}

Function Invoke-OwnScript {
    <#
    .SYNOPSIS
    Runs a script of _FileTree in many guests, in each with arguments of its own.

    .PARAMETER Record
    Records with Session and Plan. Those with an Error are passed over.

    .PARAMETER Name
    The name of the script.

    .PARAMETER NextArgument
    See Invoke-GuestScript. It finds the Root and the Option of this call in the Transfer of a record.

    .PARAMETER Option
    Throttle and Timeout.

    .PARAMETER Root
    The directory in the guests.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [string]
        $Name,

        [Parameter(Mandatory = $true)]
        [scriptblock]
        $NextArgument,

        [Parameter(Mandatory = $true)]
        [hashtable]
        $Option,

        [string]
        $Root = ''
    )

    $open = New-Object -TypeName 'System.Collections.Generic.List[object]'
    foreach ($item in $Record) {
        if ($null -eq $item.Error) {
            $item.Transfer = @{ Name = $Name; Root = $Root; Option = $Option; Number = 0; Offset = [long]0 }
            $open.Add($item)
        }
    }
    $arguments = @{ ScriptBlock = (Get-FileScript -Name $Name); ThrottleLimit = $Option.Throttle; Timeout = $Option.Timeout }
    Invoke-GuestScript -Record $open -NextArgument $NextArgument @arguments
}

Function Set-ReplyError {
    <#
    .SYNOPSIS
    Makes what a reply reports the error of its record, and takes what was not done out of its plan.

    .PARAMETER Reply
    From Invoke-GuestScript.
    #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'changes only a hashtable')]
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Reply
    )

    $item = $Reply.Record
    $message = Get-ReplyMessage -Reply $Reply -Timeout $item.Transfer.Option.Timeout
    if ($message -ne '' -and $null -eq $item.Error) {
        $item.Error = $message
    }
    if ($null -ne $item.Error) {
        $done = @(foreach ($answer in $Reply.Output) { $answer.Done })
        Clear-PlannedEntry -Record $item -Name $item.Transfer.Name -Done $done
    }
}

Function Get-DirectoryArgument {
    <#
    .SYNOPSIS
    For Invoke-OwnScript: the directories that a guest needs; one run makes them all.

    .PARAMETER Record
    A record with a Plan.

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

    if ($null -ne $Reply) {
        Set-ReplyError -Reply $Reply
    } elseif ($Record.Plan.Copy.Count -gt 0 -or $Record.Plan.NewDirectory.Count -gt 0) {
        return , @($Record.Transfer.Root, @(Get-ParentDirectory -Plan $Record.Plan))
    }
}

Function Get-RemovalArgument {
    <#
    .SYNOPSIS
    For Invoke-OwnScript: what a guest has to remove; one run removes it all.

    .PARAMETER Record
    A record with a Plan.

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

    if ($null -ne $Reply) {
        Set-ReplyError -Reply $Reply
    } elseif ($Record.Plan.RemoveFile.Count -gt 0 -or $Record.Plan.RemoveDirectory.Count -gt 0) {
        return , @($Record.Transfer.Root, $Record.Plan.RemoveFile.ToArray(), $Record.Plan.RemoveDirectory.ToArray())
    }
}

Export-ModuleMember -Function Clear-PlannedEntry, Copy-TreeToGuest, Get-ParentDirectory, Get-PartSize, Get-ReplyMessage, Get-TemporarySuffix, Invoke-OwnScript,
Set-StepError
