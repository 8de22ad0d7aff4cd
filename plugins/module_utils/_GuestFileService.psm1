# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._HyperVError
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._IntegrationService

# Copy-VMFile: files into guests by the guest service interface, without an account of the guest.

$script:key = 'guest_service_interface'

Function Get-NoteDirectory {
    <#
    .SYNOPSIS
    Where the notes about interfaces lie that a run enabled for its own use.

    .DESCRIPTION
    A run holds its notes open, so a note that can be opened was left by a run that was cut off; the next one restores
    what the note is about.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param ()

    return [System.IO.Path]::Combine([string]$env:ProgramData, 'hyperv.integration', $script:key)
}

Function Get-LeftInterface {
    <#
    .SYNOPSIS
    The virtual machines whose interface a run enabled and, as it was cut off, did not disable again.

    .DESCRIPTION
    With Open, the notes about them stay open for Restore-GuestInterface, and notes about virtual machines that are
    not on this host any more are removed.

    .PARAMETER Inventory
    From Get-VMInventory.

    .PARAMETER Open
    Take the notes over.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Generic.List[object]])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Inventory,

        [switch]
        $Open
    )

    $left = New-Object -TypeName 'System.Collections.Generic.List[object]'
    $directory = Get-NoteDirectory
    if (-not [System.IO.Directory]::Exists($directory)) {
        return , $left
    }
    foreach ($item in @(Get-ChildItem -LiteralPath $directory -Force)) {
        try {
            $note = New-Object -TypeName System.IO.FileStream -ArgumentList $item.FullName, ([System.IO.FileMode]::Open),
            ([System.IO.FileAccess]::ReadWrite), ([System.IO.FileShare]::None)
        } catch {
            # Another run is at work.
            continue
        }
        $known = $Inventory.ById.ContainsKey($item.Name)
        if ($known) {
            $left.Add($Inventory.ById[$item.Name])
        }
        if ($known -and $Open) {
            $Inventory.ById[$item.Name].Note = $note
            continue
        }
        $note.Dispose()
        if ($Open) {
            [System.IO.File]::Delete($item.FullName)
        }
    }
    return , $left
}

Function Enable-GuestInterface {
    <#
    .SYNOPSIS
    Enables the interface of virtual machines for the time of a copy, after a note about each.

    .DESCRIPTION
    Sets Note, the open stream of the note, of each record, and Error of those where it fails.

    .PARAMETER Record
    Records after Read-IntegrationService whose interface is disabled.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [System.Collections.Generic.List[object]]
        $Record
    )

    $directory = Get-NoteDirectory
    [void][System.IO.Directory]::CreateDirectory($directory)
    foreach ($item in $Record) {
        try {
            $item.Note = New-Object -TypeName System.IO.FileStream -ArgumentList ([System.IO.Path]::Combine($directory, $item.Id)),
            ([System.IO.FileMode]::Create), ([System.IO.FileAccess]::ReadWrite), ([System.IO.FileShare]::None)
        } catch {
            $item.Error = "another run works with its guest service interface: $($_.Exception.Message)"
        }
    }
    Switch-GuestInterface -Record $Record -Enable $true
}

Function Restore-GuestInterface {
    <#
    .SYNOPSIS
    Disables the interface of virtual machines again and removes the notes about them.

    .DESCRIPTION
    Where that fails, the note stays for the next run and the record gets an Error.

    .PARAMETER Record
    Records. Those without an open Note are passed over.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record
    )

    $mine = New-Object -TypeName 'System.Collections.Generic.List[object]'
    $unread = New-Object -TypeName 'System.Collections.Generic.List[object]'
    $before = @{}
    foreach ($item in $Record) {
        if ($null -ne $item['Note']) {
            $mine.Add($item)
            $before[$item.Id] = $item.Error
            $item.Error = $null
            # Those that this run has enabled were read back then.
            if ($item.Services.Count -eq 0) {
                $unread.Add($item)
            }
        }
    }
    if ($mine.Count -eq 0) {
        return
    }
    if ($unread.Count -gt 0) {
        Read-IntegrationService -Record $unread
    }
    Switch-GuestInterface -Record $mine -Enable $false
    foreach ($item in $mine) {
        $item.Note.Dispose()
        $item.Note = $null
        if ($null -eq $item.Error) {
            [System.IO.File]::Delete([System.IO.Path]::Combine((Get-NoteDirectory), $item.Id))
            $item.Error = $before[$item.Id]
        } else {
            $item.Error = "its guest service interface could not be disabled again: $($item.Error). The next run on this host tries again."
            if ($null -ne $before[$item.Id]) {
                $item.Error = "$($before[$item.Id]); $($item.Error)"
            }
        }
    }
}

Function Switch-GuestInterface {
    <#
    .SYNOPSIS
    Enables or disables the interface of many virtual machines with one call.

    .PARAMETER Record
    Records after Read-IntegrationService. Sets Error of those where it fails.

    .PARAMETER Enable
    Whether to enable it.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [bool]
        $Enable
    )

    $toChange = New-Object -TypeName 'System.Collections.Generic.List[object]'
    $copyPlans = @{}
    foreach ($item in $Record) {
        $service = $item.Services[$script:key]
        if ($null -ne $item.Error -or $null -eq $service -or $service.Enabled -eq $Enable) {
            continue
        }
        # The record's own Plan is that of the copy.
        $copyPlans[$item.Id] = $item['Plan']
        $item.Plan = New-Object -TypeName 'System.Collections.Generic.List[object]'
        $item.Plan.Add(@{ Key = $script:key; Component = $service.Component; Wanted = $Enable; Done = $true })
        $toChange.Add($item)
    }
    if ($toChange.Count -gt 0) {
        Invoke-ServicePlan -Record $toChange
    }
    foreach ($item in $toChange) {
        $item.Plan = $copyPlans[$item.Id]
    }
}

Function Wait-GuestInterface {
    <#
    .SYNOPSIS
    Waits until the interface of all virtual machines works; one read for all in each turn.

    .PARAMETER Record
    Records. Sets Error of those where it does not come up in time.

    .PARAMETER Timeout
    Seconds; 0 waits without end.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [int]
        $Timeout
    )

    $deadline = if ($Timeout -gt 0) { [datetime]::UtcNow.AddSeconds($Timeout) } else { [datetime]::MaxValue }
    while ($true) {
        $open = New-Object -TypeName 'System.Collections.Generic.List[object]'
        foreach ($item in $Record) {
            # Degraded runs with an older but compatible protocol.
            if ($null -eq $item.Error -and @('ok', 'degraded') -notcontains $item.Services[$script:key].Status) {
                $open.Add($item)
            }
        }
        if ($open.Count -eq 0) {
            return
        }
        if ([datetime]::UtcNow -ge $deadline) {
            foreach ($item in $open) {
                $item.Error = "its guest service interface is enabled on the host but does not work in the guest: its status is " +
                "$($item.Services[$script:key].Status). Windows guests need the service vmicguestinterface, Linux guests the daemon hv_fcopy_daemon " +
                'or hypervfcopyd.'
            }
            return
        }
        Start-Sleep -Seconds 1
        Read-IntegrationService -Record $open
    }
}

Function Copy-FileToGuest {
    <#
    .SYNOPSIS
    Copies one file into one guest; returns an empty text, 'exists' or the reason why it failed.

    .PARAMETER Record
    The record of the virtual machine.

    .PARAMETER SourcePath
    The file on the host.

    .PARAMETER DestinationPath
    The file in the guest.

    .PARAMETER Force
    Replace a file that exists.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [hashtable]
        $Record,

        [Parameter(Mandatory = $true)]
        [string]
        $SourcePath,

        [Parameter(Mandatory = $true)]
        [string]
        $DestinationPath,

        [Parameter(Mandatory = $true)]
        [bool]
        $Force
    )

    $arguments = @{
        VM = $Record.VM
        SourcePath = $SourcePath
        DestinationPath = $DestinationPath
        FileSource = 'Host'
        CreateFullPath = $true
        Force = $Force
    }
    try {
        Hyper-V\Copy-VMFile @arguments -ErrorAction Stop
    } catch {
        # ERROR_FILE_EXISTS. The text around it is localized, the number is not.
        if (-not $Force -and [string]$_.Exception.Message -match '0x80070050') {
            return 'exists'
        }
        return Get-VMErrorText -ErrorRecord $_
    }
    return ''
}

Function Get-GuestBase {
    <#
    .SYNOPSIS
    A directory of a guest with the separator of its operating system at its end.

    .PARAMETER Root
    The directory.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [string]
        $Root
    )

    $separator = if ($Root.StartsWith('/')) { '/' } else { '\' }
    return $Root.TrimEnd('\', '/') + $separator
}

Function Copy-ByFileService {
    <#
    .SYNOPSIS
    Carries out plans with Copy-VMFile.

    .PARAMETER Module
    The running module.

    .PARAMETER Record
    Records with a Plan.

    .PARAMETER SourceRoot
    The directory of the host that the sources are in.

    .PARAMETER Base
    The directory in the guests, from Get-GuestBase.
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
        $SourceRoot,

        [Parameter(Mandatory = $true)]
        [string]
        $Base
    )

    $separator = $Base.Substring($Base.Length - 1)
    foreach ($item in $Record) {
        if ($null -eq $item.Plan) {
            continue
        }
        foreach ($step in $item.Plan.Copy) {
            if ($null -ne $item.Error) {
                break
            }
            $source = [System.IO.Path]::Combine([System.Environment]::ExpandEnvironmentVariables($SourceRoot), $step.File.Source)
            $destination = $Base + $step.File.Path.Replace('\', $separator)
            $answer = Copy-FileToGuest -Record $item -SourcePath $source -DestinationPath $destination -Force $Module.Params['force']
            $step.Done = $answer -eq ''
            if ($answer -ne '' -and $answer -ne 'exists') {
                $step.Error = $answer
            }
        }
    }
}

Function Invoke-FileServicePlan {
    <#
    .SYNOPSIS
    Copies with Copy-VMFile, with the guest service interface as it is or enabled for the time being.

    .PARAMETER Module
    The running module.

    .PARAMETER Record
    Records with a Plan.

    .PARAMETER SourceRoot
    The directory of the host that the sources are in.

    .PARAMETER Base
    The directory in the guests, from Get-GuestBase.
    #>
    [CmdletBinding()]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module,

        [Parameter(Mandatory = $true)]
        [System.Collections.Generic.List[object]]
        $Record,

        [Parameter(Mandatory = $true)]
        [string]
        $SourceRoot,

        [Parameter(Mandatory = $true)]
        [string]
        $Base
    )

    $enabled = New-Object -TypeName 'System.Collections.Generic.List[object]'
    foreach ($item in $Record) {
        if ($null -eq $item.Error -and -not $item.Services['guest_service_interface'].Enabled) {
            $enabled.Add($item)
        }
    }
    try {
        if ($enabled.Count -gt 0) {
            Enable-GuestInterface -Record $enabled
        }
        Wait-GuestInterface -Record $Record -Timeout $Module.Params['timeout']
        Copy-ByFileService -Module $Module -Record $Record -SourceRoot $SourceRoot -Base $Base
    } finally {
        Restore-GuestInterface -Record $enabled
    }
}

Export-ModuleMember -Function Get-GuestBase, Get-LeftInterface, Invoke-FileServicePlan, Restore-GuestInterface
