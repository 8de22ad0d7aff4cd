# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

# Trees of files on the host and in guests: what is there, what differs, and how it is replaced. The scripts below run
# on either side, so each stands on its own and answers with plain objects. They never throw: an error is an answer.
# Paths are literal everywhere; environment variables in a root are expanded on the side that it belongs to.
# In Windows PowerShell, Get-FileHash is a function of a module: the preference of these scripts does not reach it.

# FILE_ATTRIBUTE_READONLY, HIDDEN, SYSTEM and ARCHIVE: what a copy takes over.
$script:attributeMask = 0x27

# Everything below a path, with hashes. The first answer is about the path itself.
# A log is open for writing while it is read, so reading shares that (the default, FileShare.Read, would be refused), and what
# is appended meanwhile does not count: Length is how far the hash goes, and only so much is copied.
$script:listSource = {
    param ([string] $Path)

    $ErrorActionPreference = 'Stop'
    $root = [System.Environment]::ExpandEnvironmentVariables($Path)
    try {
        if ([System.IO.File]::Exists($root)) {
            $kind = 'file'
        } elseif ([System.IO.Directory]::Exists($root)) {
            $kind = 'directory'
        } else {
            $kind = 'missing'
        }
        New-Object -TypeName psobject -Property @{ Kind = $kind; Path = ''; Name = [System.IO.Path]::GetFileName($root.TrimEnd('\', '/')) }
        if ($kind -eq 'missing') {
            return
        }
        $pending = New-Object -TypeName 'System.Collections.Generic.Stack[object]'
        $pending.Push(@{ Full = $root; Relative = '' })
        while ($pending.Count -gt 0) {
            $directory = $pending.Pop()
            try {
                $items = if ($kind -eq 'file') { Get-Item -LiteralPath $root -Force } else { Get-ChildItem -LiteralPath $directory.Full -Force }
            } catch {
                if ($directory.Relative -eq '') {
                    throw
                }
                $message = [string]$_.Exception.GetBaseException().Message
                New-Object -TypeName psobject -Property @{ Kind = 'unreadable'; Path = $directory.Relative; Message = $message }
                continue
            }
            foreach ($item in $items) {
                $relative = if ($directory.Relative -eq '') { $item.Name } else { $directory.Relative + '\' + $item.Name }
                # FILE_ATTRIBUTE_REPARSE_POINT: a link may lead out of the tree or back into it.
                if (([int]$item.Attributes -band 0x400) -ne 0) {
                    New-Object -TypeName psobject -Property @{ Kind = 'link'; Path = $relative }
                } elseif ($item.PSIsContainer) {
                    New-Object -TypeName psobject -Property @{ Kind = 'directory'; Path = $relative }
                    $pending.Push(@{ Full = $item.FullName; Relative = $relative })
                } else {
                    $answer = @{
                        Kind = 'file'
                        Path = $relative
                        Length = [long]0
                        Hash = ''
                        Modified = [long]$item.LastWriteTimeUtc.Ticks
                        Attributes = [int]$item.Attributes
                        Message = ''
                    }
                    try {
                        $stream = New-Object -TypeName System.IO.FileStream -ArgumentList $item.FullName, ([System.IO.FileMode]::Open),
                        ([System.IO.FileAccess]::Read), ([System.IO.FileShare]::ReadWrite -bor [System.IO.FileShare]::Delete)
                        try {
                            $answer.Hash = (Get-FileHash -InputStream $stream -Algorithm SHA256 -ErrorAction Stop).Hash.ToLowerInvariant()
                            $answer.Length = [long]$stream.Position
                        } finally {
                            $stream.Dispose()
                        }
                    } catch {
                        $answer.Message = [string]$_.Exception.GetBaseException().Message
                    }
                    New-Object -TypeName psobject -Property $answer
                }
            }
        }
    } catch {
        New-Object -TypeName psobject -Property @{ Kind = 'error'; Path = ''; Message = [string]$_.Exception.GetBaseException().Message }
    }
}

# What of the wanted files is there already, and with Everything also what else is. Hashes only where the length agrees.
$script:inspectTarget = {
    param ([string] $Root, [string[]] $Path, [long[]] $Length, [bool] $Everything)

    $ErrorActionPreference = 'Stop'
    $full = [System.Environment]::ExpandEnvironmentVariables($Root)
    try {
        for ($above = $full.TrimEnd('\', '/'); -not [string]::IsNullOrEmpty($above); $above = [System.IO.Path]::GetDirectoryName($above)) {
            if ([System.IO.File]::Exists($above)) {
                throw "'$above' is a file and would have to be a directory. Remove it, or choose another dest."
            }
        }
        for ($i = 0; $i -lt $Path.Count; $i++) {
            $file = [System.IO.Path]::Combine($full, $Path[$i])
            if ([System.IO.Directory]::Exists($file)) {
                New-Object -TypeName psobject -Property @{ Kind = 'directory'; Path = $Path[$i] }
            } elseif ([System.IO.File]::Exists($file)) {
                $item = Get-Item -LiteralPath $file -Force
                $hash = ''
                if ($item.Length -eq $Length[$i]) {
                    $hash = (Get-FileHash -LiteralPath $file -Algorithm SHA256 -ErrorAction Stop).Hash.ToLowerInvariant()
                }
                New-Object -TypeName psobject -Property @{ Kind = 'file'; Path = $Path[$i]; Length = [long]$item.Length; Hash = $hash }
            }
        }
        if (-not $Everything -or -not [System.IO.Directory]::Exists($full)) {
            return
        }
        $whole = [System.IO.Path]::GetFullPath($full)
        if ($whole.TrimEnd('\', '/') -eq [System.IO.Path]::GetPathRoot($whole).TrimEnd('\', '/')) {
            throw "purge would empty the whole of '$whole'. Give a directory below it."
        }
        $pending = New-Object -TypeName 'System.Collections.Generic.Stack[string]'
        $pending.Push('')
        while ($pending.Count -gt 0) {
            $relative = $pending.Pop()
            foreach ($item in Get-ChildItem -LiteralPath ([System.IO.Path]::Combine($full, $relative)) -Force) {
                $name = if ($relative -eq '') { $item.Name } else { $relative + '\' + $item.Name }
                # A link counts as one thing: what it leads to lies outside.
                $isLink = ([int]$item.Attributes -band 0x400) -ne 0
                $kind = if ($item.PSIsContainer -and -not $isLink) { 'other_directory' } else { 'other_file' }
                New-Object -TypeName psobject -Property @{ Kind = $kind; Path = $name }
                if ($kind -eq 'other_directory') {
                    $pending.Push($name)
                }
            }
        }
    } catch {
        New-Object -TypeName psobject -Property @{ Kind = 'error'; Path = ''; Message = [string]$_.Exception.GetBaseException().Message }
    }
}

# Makes directories, up to the first that cannot be made. Done are those that are there now.
$script:newDirectory = {
    param ([string] $Root, [string[]] $Path)

    $answer = @{ Message = ''; Done = New-Object -TypeName 'System.Collections.Generic.List[string]' }
    try {
        $full = [System.Environment]::ExpandEnvironmentVariables($Root)
        foreach ($item in $Path) {
            [void][System.IO.Directory]::CreateDirectory([System.IO.Path]::Combine($full, $item))
            $answer.Done.Add($item)
        }
    } catch {
        $answer.Message = [string]$_.Exception.GetBaseException().Message
    }
    New-Object -TypeName psobject -Property $answer
}

# Reads one part of a file: fewer bytes than asked for at its end.
$script:readPart = {
    param ([string] $Root, [string] $Path, [long] $Offset, [int] $Count)

    try {
        $file = [System.IO.Path]::Combine([System.Environment]::ExpandEnvironmentVariables($Root), $Path)
        $stream = New-Object -TypeName System.IO.FileStream -ArgumentList $file, ([System.IO.FileMode]::Open), ([System.IO.FileAccess]::Read),
        ([System.IO.FileShare]::ReadWrite -bor [System.IO.FileShare]::Delete)
        try {
            [void]$stream.Seek($Offset, [System.IO.SeekOrigin]::Begin)
            $size = [int][math]::Max([long]0, [math]::Min([long]$Count, $stream.Length - $Offset))
            $buffer = New-Object -TypeName byte[] -ArgumentList $size
            $length = 0
            do {
                $read = $stream.Read($buffer, $length, $size - $length)
                $length += $read
            } while ($read -gt 0 -and $length -lt $size)
        } finally {
            $stream.Dispose()
        }
        New-Object -TypeName psobject -Property @{ Message = ''; Data = [System.Convert]::ToBase64String($buffer, 0, $length) }
    } catch {
        New-Object -TypeName psobject -Property @{ Message = [string]$_.Exception.GetBaseException().Message; Data = '' }
    }
}

# Writes one part of a file to the temporary file beside it.
$script:writePart = {
    param ([string] $Root, [string] $Path, [string] $Suffix, [long] $Offset, [string] $Data)

    try {
        $file = [System.IO.Path]::Combine([System.Environment]::ExpandEnvironmentVariables($Root), $Path) + $Suffix
        $bytes = [System.Convert]::FromBase64String($Data)
        $mode = if ($Offset -eq 0) { [System.IO.FileMode]::Create } else { [System.IO.FileMode]::Open }
        $stream = New-Object -TypeName System.IO.FileStream -ArgumentList $file, $mode, ([System.IO.FileAccess]::Write), ([System.IO.FileShare]::None)
        try {
            [void]$stream.Seek($Offset, [System.IO.SeekOrigin]::Begin)
            $stream.Write($bytes, 0, $bytes.Length)
        } finally {
            $stream.Dispose()
        }
        New-Object -TypeName psobject -Property @{ Message = '' }
    } catch {
        New-Object -TypeName psobject -Property @{ Message = [string]$_.Exception.GetBaseException().Message }
    }
}

# Checks the temporary file and puts it into the place of the file, or removes it again.
$script:completeFile = {
    param (
        [string] $Root, [string] $Path, [string] $Suffix, [string] $Hash, [long] $Modified, [int] $Attributes, [string] $BackupSuffix,
        [string[]] $Validate
    )

    $ErrorActionPreference = 'Stop'
    $answer = @{ Message = ''; Backup = '' }
    $file = [System.IO.Path]::Combine([System.Environment]::ExpandEnvironmentVariables($Root), $Path)
    $temporary = $file + $Suffix
    try {
        if ((Get-FileHash -LiteralPath $temporary -Algorithm SHA256 -ErrorAction Stop).Hash -ne $Hash) {
            throw 'what arrived differs from the source. The source may have changed during the copy; run the task again.'
        }
        if ($Validate.Count -gt 0) {
            $words = @($Validate | ForEach-Object { $_.Replace('%s', $temporary) })
            $rest = @($words | Select-Object -Skip 1)
            # A program's own messages on stderr are no error: only its exit code counts. What runs no program, such as a cmdlet, leaves
            # no code, and that of an earlier command would still be there: its errors count.
            $ErrorActionPreference = 'Continue'
            $global:LASTEXITCODE = $null
            try {
                $said = @(& $words[0] @rest 2>&1)
            } catch {
                throw "validate could not be run: $($_.Exception.Message)"
            }
            $code = $global:LASTEXITCODE
            $ErrorActionPreference = 'Stop'
            $failed = @($said | Where-Object { $null -eq $code -and $_ -is [System.Management.Automation.ErrorRecord] })
            if ($failed.Count -gt 0) {
                throw "validate reported an error: $($failed[0].Exception.Message)"
            }
            if ($null -ne $code -and $code -ne 0) {
                throw "validate ended with exit code ${code}: $(($said | Out-String).Trim())"
            }
        }
        if ($Modified -gt 0) {
            [System.IO.File]::SetLastWriteTimeUtc($temporary, (New-Object -TypeName datetime -ArgumentList $Modified, ([System.DateTimeKind]::Utc)))
        }
        if ([System.IO.File]::Exists($file)) {
            # A read-only file cannot be replaced.
            $before = [System.IO.File]::GetAttributes($file)
            [System.IO.File]::SetAttributes($file, [System.IO.FileAttributes]::Normal)
            try {
                if ($BackupSuffix -ne '') {
                    [System.IO.File]::Replace($temporary, $file, $file + $BackupSuffix)
                    $answer.Backup = $file + $BackupSuffix
                } else {
                    # A plain $null would arrive as an empty text.
                    [System.IO.File]::Replace($temporary, $file, [System.Management.Automation.Language.NullString]::Value)
                }
            } catch {
                [System.IO.File]::SetAttributes($file, $before)
                throw
            }
        } else {
            [System.IO.File]::Move($temporary, $file)
        }
        if ($Attributes -ge 0) {
            [System.IO.File]::SetAttributes($file, [System.IO.FileAttributes]$Attributes)
        }
    } catch {
        $answer.Message = [string]$_.Exception.GetBaseException().Message
        try {
            [System.IO.File]::Delete($temporary)
        } catch {
            $answer.Message += " $temporary could not be removed: $($_.Exception.Message)"
        }
    }
    New-Object -TypeName psobject -Property $answer
}

# Removes files and then directories, deepest first, up to the first that cannot be removed. Done are those that are gone.
$script:removeEntry = {
    param ([string] $Root, [string[]] $File, [string[]] $Directory)

    $answer = @{ Message = ''; Done = New-Object -TypeName 'System.Collections.Generic.List[string]' }
    try {
        $full = [System.Environment]::ExpandEnvironmentVariables($Root)
        foreach ($item in $File) {
            $path = [System.IO.Path]::Combine($full, $item)
            if ([System.IO.Directory]::Exists($path)) {
                # A link to a directory: only the link goes.
                [System.IO.Directory]::Delete($path, $false)
            } else {
                [System.IO.File]::SetAttributes($path, [System.IO.FileAttributes]::Normal)
                [System.IO.File]::Delete($path)
            }
            $answer.Done.Add($item)
        }
        foreach ($item in $Directory) {
            [System.IO.Directory]::Delete([System.IO.Path]::Combine($full, $item), $false)
            $answer.Done.Add($item)
        }
    } catch {
        $answer.Message = [string]$_.Exception.GetBaseException().Message
    }
    New-Object -TypeName psobject -Property $answer
}

Function Get-FileScript {
    <#
    .SYNOPSIS
    One of the scripts that run on either side.

    .PARAMETER Name
    Its name.
    #>
    [CmdletBinding()]
    [OutputType([scriptblock])]
    param (
        [Parameter(Mandatory = $true)]
        [ValidateSet('listSource', 'inspectTarget', 'newDirectory', 'readPart', 'writePart', 'completeFile', 'removeEntry')]
        [string]
        $Name
    )

    return (Get-Variable -Name $Name -Scope Script -ValueOnly)
}

Function Test-TreePath {
    <#
    .SYNOPSIS
    Whether a path stays below the directory that it is joined to.

    .PARAMETER Path
    The path.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyString()]
        [string]
        $Path
    )

    foreach ($name in $Path.Split([char]'\')) {
        # Dots and blanks at the end do not count, so nothing but them is the directory itself or the one above.
        if ($name.Trim([char[]]'. ') -eq '' -or $name -match '[<>:"/|?*\x00-\x1f]') {
            return $false
        }
    }
    return $true
}

Function ConvertTo-FileManifest {
    <#
    .SYNOPSIS
    The answers of listSource as a manifest: Kind, Name, Files (with relative paths), Directories, Links, Unreadable and Error.

    .DESCRIPTION
    A guest may answer what it likes, and the host writes to the paths in it: what is no path below src is an Error, and so is
    a hash that is none, as it becomes part of a name.

    .PARAMETER Answer
    The answers.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param (
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [object[]]
        $Answer
    )

    $manifest = @{
        Kind = ''
        Name = ''
        Files = New-Object -TypeName 'System.Collections.Generic.List[object]'
        Directories = New-Object -TypeName 'System.Collections.Generic.List[string]'
        Links = New-Object -TypeName 'System.Collections.Generic.List[string]'
        Unreadable = New-Object -TypeName 'System.Collections.Generic.List[string]'
        Error = ''
    }
    foreach ($item in $Answer) {
        if ($item.Kind -eq 'error') {
            $manifest.Error = [string]$item.Message
        } elseif ([string]$item.Path -eq '') {
            $manifest.Kind = [string]$item.Kind
            $manifest.Name = [string]$item.Name
        } elseif (-not (Test-TreePath -Path ([string]$item.Path))) {
            $manifest.Error = "'$($item.Path)' is no path below src."
        } elseif ($item.Kind -eq 'link') {
            $manifest.Links.Add([string]$item.Path)
        } elseif ($item.Kind -eq 'directory') {
            $manifest.Directories.Add([string]$item.Path)
        } elseif ($item.Kind -eq 'unreadable') {
            # A directory whose content is not known stands among the files with its error, as a file that cannot be read does.
            $manifest.Unreadable.Add([string]$item.Path)
            $manifest.Files.Add(@{
                    Path = [string]$item.Path
                    Length = [long]0
                    Hash = ''
                    Error = [string]$item.Message
                    Modified = [long]0
                    Attributes = 0
                })
        } elseif ([string]$item.Message -eq '' -and [string]$item.Hash -cnotmatch '^[0-9a-f]{64}\z') {
            $manifest.Error = "'$($item.Path)' has no SHA-256."
        } else {
            $manifest.Files.Add(@{
                    Path = [string]$item.Path
                    Length = [long]$item.Length
                    Hash = [string]$item.Hash
                    Error = [string]$item.Message
                    Modified = [long]$item.Modified
                    Attributes = [int]$item.Attributes -band $script:attributeMask
                })
        }
    }
    return $manifest
}

Export-ModuleMember -Function ConvertTo-FileManifest, Get-FileScript
