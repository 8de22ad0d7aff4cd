# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

# FOR INTERNAL COLLECTION USE ONLY
# The interfaces in this file are meant for use within this collection and may change without notice.

# Where files of the controller lie on the host while a task runs: in the temporary directory of the connecting account,
# which others cannot read.

$script:stagingPrefix = 'ansible-tmp-hyperv_copy_vmfile-'

Function Clear-Staging {
    <#
    .SYNOPSIS
    Removes what runs that were cut off have left on the host, and returns the path of the directory for the files of this one.

    .DESCRIPTION
    The action plugin names the directory by the task and its controller, so the next run of the same task finds what was
    left. Directories of other tasks are removed when they are a day old; younger ones may be in use.
    It comes before everything that may fail: a run that has nothing to do or cannot do it removes what the last one left, too.

    .PARAMETER Module
    The running module; staging in its manifest has parent and name.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param (
        [Parameter(Mandatory = $true)]
        [object]
        $Module
    )

    $staging = $Module.Params['manifest']['staging']
    $parent = [string]$staging['parent']
    if ($parent.StartsWith('~')) {
        $parent = $env:USERPROFILE + $parent.Substring(1)
    }
    $parent = [System.Environment]::ExpandEnvironmentVariables($parent)
    $own = [System.IO.Path]::Combine($parent, $script:stagingPrefix + [string]$staging['name'])
    $old = [datetime]::UtcNow.AddDays(-1)
    foreach ($item in @(Get-ChildItem -LiteralPath $parent -Force -ErrorAction SilentlyContinue)) {
        if (-not $item.PSIsContainer -or -not $item.Name.StartsWith($script:stagingPrefix)) {
            continue
        }
        if ($item.FullName -eq $own -or $item.LastWriteTimeUtc -lt $old) {
            try {
                [System.IO.Directory]::Delete($item.FullName, $true)
            } catch {
                $Module.Warn("'$($item.FullName)' was left by a run that was cut off and could not be removed: $($_.Exception.GetBaseException().Message)")
            }
        }
    }
    return $own
}

Export-ModuleMember -Function Clear-Staging
