# SPDX-License-Identifier: GPL-3.0-or-later
"""Cmdlets that a Windows host has and this engine does not: refused by name instead of "not recognized".

The Hyper-V names are those of the module's public documentation (version 2.0.0.0); the others are the cmdlets that Windows
scripts use most. A name that is missing here ends as CommandNotFoundException.
"""

from __future__ import annotations

import json
from importlib import resources

from hvsim.runtime import command

_HYPER_V = """
Add-VMAssignableDevice Add-VMDvdDrive Add-VMFibreChannelHba Add-VMGpuPartitionAdapter Add-VMGroupMember Add-VMHardDiskDrive
Add-VMHostAssignableDevice Add-VMKeyStorageDrive Add-VMMigrationNetwork Add-VMNetworkAdapter Add-VMNetworkAdapterAcl
Add-VMNetworkAdapterExtendedAcl Add-VMNetworkAdapterRoutingDomainMapping Add-VMPmemController Add-VMRemoteFx3dVideoAdapter
Add-VMScsiController Add-VMStoragePath Add-VMSwitch Add-VMSwitchExtensionPortFeature Add-VMSwitchExtensionSwitchFeature
Add-VMSwitchTeamMember Checkpoint-VM Compare-VM Complete-VMFailover Connect-VMNetworkAdapter Connect-VMSan Convert-VHD Copy-VMFile
Debug-VM Disable-VMConsoleSupport Disable-VMEventing Disable-VMMigration Disable-VMRemoteFXPhysicalVideoAdapter
Disable-VMResourceMetering Disable-VMSwitchExtension Disable-VMTPM Disconnect-VMNetworkAdapter Disconnect-VMSan Dismount-VHD
Dismount-VMHostAssignableDevice Enable-VMConsoleSupport Enable-VMEventing Enable-VMMigration Enable-VMRemoteFXPhysicalVideoAdapter
Enable-VMReplication Enable-VMResourceMetering Enable-VMSwitchExtension Enable-VMTPM Export-VM Export-VMSnapshot Get-VHD Get-VHDSet
Get-VHDSnapshot Get-VMAssignableDevice Get-VMBios Get-VMComPort Get-VMConnectAccess Get-VMDvdDrive Get-VMFibreChannelHba
Get-VMFirmware Get-VMFloppyDiskDrive Get-VMGpuPartitionAdapter Get-VMGroup Get-VMHardDiskDrive Get-VMHostAssignableDevice
Get-VMHostCluster Get-VMHostNumaNode Get-VMHostNumaNodeStatus Get-VMHostSupportedVersion Get-VMIdeController Get-VMKeyProtector
Get-VMKeyStorageDrive Get-VMMemory Get-VMMigrationNetwork Get-VMNetworkAdapter Get-VMNetworkAdapterAcl
Get-VMNetworkAdapterExtendedAcl Get-VMNetworkAdapterFailoverConfiguration Get-VMNetworkAdapterIsolation
Get-VMNetworkAdapterRdma Get-VMNetworkAdapterRoutingDomainMapping Get-VMNetworkAdapterTeamMapping Get-VMNetworkAdapterVlan
Get-VMPartitionableGpu Get-VMPmemController Get-VMProcessor Get-VMRemoteFXPhysicalVideoAdapter Get-VMRemoteFx3dVideoAdapter
Get-VMReplication Get-VMReplicationAuthorizationEntry Get-VMReplicationServer Get-VMResourcePool Get-VMSan Get-VMScsiController
Get-VMSecurity Get-VMSnapshot Get-VMStoragePath Get-VMStorageSettings Get-VMSwitch Get-VMSwitchExtension
Get-VMSwitchExtensionPortData Get-VMSwitchExtensionPortFeature Get-VMSwitchExtensionSwitchData
Get-VMSwitchExtensionSwitchFeature Get-VMSwitchTeam Get-VMSystemSwitchExtension Get-VMSystemSwitchExtensionPortFeature
Get-VMSystemSwitchExtensionSwitchFeature Get-VMVideo Grant-VMConnectAccess Import-VM Import-VMInitialReplication Measure-VM
Measure-VMReplication Measure-VMResourcePool Merge-VHD Mount-VHD Mount-VMHostAssignableDevice Move-VM Move-VMStorage New-VFD New-VHD
New-VM New-VMGroup New-VMReplicationAuthorizationEntry New-VMResourcePool New-VMSan New-VMSwitch Optimize-VHD Optimize-VHDSet
Remove-VHDSnapshot Remove-VM Remove-VMAssignableDevice Remove-VMDvdDrive Remove-VMFibreChannelHba Remove-VMGpuPartitionAdapter
Remove-VMGroup Remove-VMGroupMember Remove-VMHardDiskDrive Remove-VMHostAssignableDevice Remove-VMKeyStorageDrive
Remove-VMMigrationNetwork Remove-VMNetworkAdapter Remove-VMNetworkAdapterAcl Remove-VMNetworkAdapterExtendedAcl
Remove-VMPmemController Remove-VMReplication Remove-VMReplicationAuthorizationEntry Remove-VMResourcePool Remove-VMSan
Remove-VMSavedState Remove-VMScsiController Remove-VMSnapshot Remove-VMStoragePath Remove-VMSwitch Rename-VM Rename-VMGroup
Rename-VMNetworkAdapter Rename-VMResourcePool Rename-VMSan Rename-VMSnapshot Rename-VMSwitch Repair-VM Reset-VMReplicationStatistics
Reset-VMResourceMetering Resize-VHD Restart-VM Restore-VMSnapshot Resume-VM Resume-VMReplication Revoke-VMConnectAccess Save-VM
Set-VHD Set-VM Set-VMBios Set-VMComPort Set-VMDvdDrive Set-VMFibreChannelHba Set-VMFirmware Set-VMFloppyDiskDrive
Set-VMGpuPartitionAdapter Set-VMHardDiskDrive Set-VMHost Set-VMHostCluster Set-VMKeyProtector Set-VMKeyStorageDrive Set-VMMemory
Set-VMMigrationNetwork Set-VMNetworkAdapter Set-VMNetworkAdapterFailoverConfiguration Set-VMNetworkAdapterIsolation
Set-VMNetworkAdapterRdma Set-VMNetworkAdapterTeamMapping Set-VMNetworkAdapterVlan Set-VMPartitionableGpu Set-VMProcessor
Set-VMReplication Set-VMReplicationAuthorizationEntry Set-VMReplicationServer Set-VMResourcePool Set-VMSan Set-VMSecurity
Set-VMSecurityPolicy Set-VMStorageSettings Set-VMSwitch Set-VMSwitchTeam Set-VMVideo Start-VM Start-VMFailover
Start-VMInitialReplication Start-VMTrace Stop-VM Stop-VMFailover Stop-VMInitialReplication Stop-VMReplication Stop-VMTrace
Suspend-VM Suspend-VMReplication Test-VHD Test-VMNetworkAdapter Test-VMReplicationConnection Update-VMVersion Wait-VM
"""
_WINDOWS = """
Add-Computer Checkpoint-Computer Clear-EventLog Complete-Transaction Disable-WindowsOptionalFeature Enable-WindowsOptionalFeature
Get-Acl Get-AppxPackage Get-AuthenticodeSignature Get-CimAssociatedInstance Get-CimClass Get-CimInstance Get-CimSession Get-Cluster
Get-ClusterGroup Get-ClusterNode Get-ComputerInfo Get-Counter Get-Disk Get-DnsClientServerAddress Get-EventLog Get-HotFix
Get-LocalGroup Get-LocalGroupMember Get-LocalUser Get-NetAdapter Get-NetFirewallRule Get-NetIPAddress Get-NetIPConfiguration
Get-Partition Get-PSSessionConfiguration Get-ScheduledTask Get-SmbShare Get-Volume Get-WindowsFeature Get-WindowsOptionalFeature
Get-WinEvent Get-WmiObject Get-WSManInstance Install-WindowsFeature Invoke-CimMethod Invoke-WmiMethod Invoke-WSManAction Limit-EventLog
New-CimInstance New-CimSession New-CimSessionOption New-EventLog New-LocalGroup New-LocalUser New-NetFirewallRule New-ScheduledTask
New-SmbShare New-WebServiceProxy Register-CimIndicationEvent Register-ScheduledTask Register-WmiEvent Remove-CimInstance
Remove-CimSession Remove-Computer Remove-EventLog Remove-LocalUser Remove-WmiObject Rename-Computer Reset-ComputerMachinePassword
Resolve-DnsName Restore-Computer Set-Acl Set-AuthenticodeSignature Set-CimInstance Set-LocalUser Set-NetFirewallRule Set-TimeZone
Set-WmiInstance Set-WSManInstance Show-EventLog Start-Transaction Test-ComputerSecureChannel Test-NetConnection Test-WSMan
Uninstall-WindowsFeature Write-EventLog
"""


def names() -> list[str]:
    """All of them, without those that are implemented by now."""
    done = {info.name for info in command.implemented_cmdlets()}
    return sorted(set(_HYPER_V.split() + _WINDOWS.split()) - done)


def _only_in_51() -> list[str]:
    text = resources.files("hvsim.metadata").joinpath("edition51.json").read_text("utf-8")
    listed: list[str] = json.loads(text)["cmdlets_only_51"]
    return listed


command.refuse_on_windows((_HYPER_V + _WINDOWS).split())
command.refuse_on_windows(_only_in_51(), edition="5.1")
