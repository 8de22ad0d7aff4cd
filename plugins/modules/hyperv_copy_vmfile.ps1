#!powershell

# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

#AnsibleRequires -CSharpUtil Ansible.Basic
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._CopyMarker
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._CopyStaging
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._CopyTask
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._CopyTransport
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._FilePlan
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._FileReceive
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._FileTransfer
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestFileService
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._GuestSession
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._IntegrationService
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMSelection
#AnsibleRequires -PowerShell ansible_collections.hyperv.integration.plugins.module_utils._VMTask

$spec = @{
    options = @{
        all = @{ type = 'bool'; default = $false }
        backup = @{ type = 'bool'; default = $false }
        checksum_marker = @{ type = 'bool'; default = $false }
        configuration_name = @{ type = 'str' }
        decrypt = @{ type = 'bool'; default = $true }
        dest = @{ type = 'str'; required = $true }
        direction = @{ type = 'str'; choices = @('to_guest', 'from_guest'); default = 'to_guest' }
        exclude = @{ type = 'list'; elements = 'str' }
        force = @{ type = 'bool'; default = $true }
        guest_password = @{ type = 'str'; no_log = $true }
        guest_service_interface = @{ type = 'str'; choices = @('required', 'temporary'); default = 'required' }
        guest_username = @{ type = 'str' }
        logon_retries = @{ type = 'int'; default = 0 }
        manifest = @{ type = 'dict' }
        missing = @{ type = 'str'; choices = @('fail', 'warn', 'ignore'); default = 'fail' }
        name = @{ type = 'list'; elements = 'str' }
        name_pattern = @{ type = 'list'; elements = 'str' }
        purge = @{ type = 'bool'; default = $false }
        remote_src = @{ type = 'bool'; default = $false }
        retries = @{ type = 'int'; default = 0 }
        retry_delay = @{ type = 'int'; default = 5 }
        src = @{ type = 'str'; required = $true }
        staging = @{ type = 'str' }
        throttle = @{ type = 'int'; default = 2 }
        timeout = @{ type = 'int'; default = 600 }
        transport = @{ type = 'str'; choices = @('auto', 'copy_vmfile', 'powershell_direct'); default = 'auto' }
        validate = @{ type = 'list'; elements = 'str' }
        vm_id = @{ type = 'list'; elements = 'str' }
        vm_state = @{
            type = 'list'
            elements = 'str'
            choices = @(
                'hibernated', 'off', 'off_critical', 'paused', 'paused_critical', 'running', 'running_critical', 'saved', 'saved_critical',
                'starting', 'stopping'
            )
        }
    }
    supports_check_mode = $true
}

$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)

$module.Result.changed = $false
$module.Result.restored = @()
$module.Result.vms = @()
$module.Result.unmatched = @()
$module.Result.summary = [ordered]@{ vms = 0; unchanged = 0; changed = 0; failed = 0; unmatched = 0; files = 0; bytes = [long]0 }
$module.Diff.before = ''
$module.Diff.after = ''

Confirm-CopyOption -Module $module
$options = $module.Params
$planning = $null -ne $options['manifest'] -and $null -eq $options['staging']
$stagingPath = if ($planning -and -not $module.CheckMode) { Clear-Staging -Module $module } else { '' }
$toGuest = $options['direction'] -eq 'to_guest'
$credential = ConvertTo-GuestCredential -Module $module
$selection = ConvertTo-VMSelection -Module $module -Parameter $options
$manifest = if ($toGuest) { Read-HostSource -Module $module } else { $null }
$root = if ($toGuest) { Get-TargetRoot -Manifest $manifest -Path $options['dest'] } else { $options['src'] }

$inventory = Get-VMInventory -Module $module
$records = Get-SelectedVM -Module $module -Inventory $inventory -Selection $selection
Select-Transport -Module $module -Record $records
if (-not $toGuest) {
    Set-HostTarget -Module $module -Record $records
}
$acting = -not $module.CheckMode -and -not $planning

$left = Get-LeftInterface -Inventory $inventory -Open:$acting
$module.Result.restored = @(foreach ($item in $left) { [ordered]@{ name = $item.Name; id = $item.Id } })
if ($acting) {
    Restore-GuestInterface -Record $left
}

$byService = New-Object -TypeName 'System.Collections.Generic.List[object]'
$bySession = New-Object -TypeName 'System.Collections.Generic.List[object]'
foreach ($record in $records) {
    if ($record.Transport -eq 'copy_vmfile') {
        $byService.Add($record)
    } else {
        $bySession.Add($record)
    }
}
$transfer = @{
    Throttle = $options['throttle']
    Timeout = $options['timeout']
    BackupSuffix = if ($options['backup']) { '.' + [datetime]::UtcNow.ToString('yyyyMMdd-HHmmss', [cultureinfo]::InvariantCulture) + '.bak' } else { '' }
    Validate = [string[]]@($options['validate'] | Where-Object { $null -ne $_ })
}
$sourceRoot = if ($null -ne $options['staging']) { $options['staging'] } elseif ($toGuest) { $options['src'] } else { $null }
if ($toGuest -and $null -eq $options['staging'] -and $manifest.Kind -eq 'file') {
    $sourceRoot = $options['src'].Substring(0, $options['src'].LastIndexOfAny([char[]]@('\', '/')) + 1)
}

try {
    if ($byService.Count -gt 0) {
        Read-IntegrationService -Record $byService
        Set-BlindPlan -Module $module -Record $byService -Manifest $manifest
        if ($options['checksum_marker']) {
            Read-CopyMarker -Module $module -Record $byService -Base (Get-GuestBase -Root $root)
        }
    }
    if ($bySession.Count -gt 0) {
        $arguments = @{ Credential = $credential; Retries = $options['retries']; RetryDelay = $options['retry_delay'] }
        $arguments.LogonRetries = $options['logon_retries']
        Open-GuestSession -Record $bySession -ConfigurationName ([string]$options['configuration_name']) @arguments
        if ($toGuest) {
            Set-GuestPlan -Module $module -Record $bySession -Manifest $manifest -Root $root
        } else {
            Set-HostPlan -Module $module -Record $bySession
        }
    }
    $module.Diff.before = Get-FileDiffText -Record $records
    $module.Diff.after = Get-FileDiffText -Record $records -After
    if ($acting) {
        Clear-StepDone -Record $records
        if ($byService.Count -gt 0) {
            if ($options['checksum_marker']) {
                Clear-CopyMarker -Module $module -Record $byService
            }
            Invoke-FileServicePlan -Module $module -Record $byService -SourceRoot $sourceRoot -Base (Get-GuestBase -Root $root)
            if ($options['checksum_marker']) {
                Write-CopyMarker -Module $module -Record $byService
            }
        }
        if ($toGuest) {
            Copy-TreeToGuest -Record $bySession -SourceRoot $sourceRoot -Root $root -Option $transfer
        } else {
            Copy-TreeFromGuest -Record $bySession -Option $transfer
        }
    }
    # In check mode too: a file that cannot be read now would fail.
    Set-StepFailure -Record $records
    if ($acting) {
        # Once more, so that a file that failed is not shown as done.
        $module.Diff.before = Get-FileDiffText -Record $records
        $module.Diff.after = Get-FileDiffText -Record $records -After
    }
} finally {
    Close-GuestSession -Record $bySession
}

$module.Result.vms = @(ConvertTo-CopyResult -Record $records)
$summary = $module.Result.summary
$module.Result.changed = $module.Result.restored.Count -gt 0
$needed = New-Object -TypeName 'System.Collections.Generic.HashSet[string]'
foreach ($vm in $module.Result.vms) {
    foreach ($file in $vm.files) {
        if ($file.changed) {
            $summary.files++
            $summary.bytes += $file.size
            [void]$needed.Add($file.sha256)
        }
    }
}
if ($planning) {
    # For the action plugin, which takes it out again.
    $module.Result._needed = @($needed)
    if ($needed.Count -gt 0 -and -not $module.CheckMode) {
        [void][System.IO.Directory]::CreateDirectory($stagingPath)
    }
    $module.Result._staging = $stagingPath
}
Confirm-VMResult -Module $module -Unchanged unchanged
$module.ExitJson()
