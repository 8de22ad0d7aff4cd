# SPDX-License-Identifier: GPL-3.0-or-later
"""The Windows around Hyper-V: releases, system services, environment, what registry and disk hold from the start."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hvsim.hyperv.files import VirtualFileSystem
from hvsim.hyperv.registry import Registry

if TYPE_CHECKING:
    from hvsim.hyperv.machine import WindowsMachine


@dataclass(frozen=True)
class Release:
    """A Windows Server release.

    Attributes:
        build: first build number of the release.
        product: product name without edition.
        vm_version: newest configuration version of its VMs.
        release_id: what ``ReleaseId``/``DisplayVersion`` say.
    """

    build: int
    product: str
    vm_version: str
    release_id: str


RELEASES: Final = (
    Release(9600, "Windows Server 2012 R2", "5.0", "2012R2"),
    Release(14393, "Windows Server 2016", "8.0", "1607"),
    Release(17763, "Windows Server 2019", "9.0", "1809"),
    Release(20348, "Windows Server 2022", "10.0", "21H2"),
    Release(26100, "Windows Server 2025", "12.0", "24H2"),
)


def release_of(build: int) -> Release:
    """The newest release that is not newer than the build."""
    known = [release for release in RELEASES if release.build <= build]
    return known[-1] if known else RELEASES[0]


@dataclass
class WindowsService:
    """A service of a simulated machine.

    Attributes:
        name: service name (not localized).
        display_name: English display name.
        status: ``Running`` or ``Stopped``.
        start_type: ``Automatic``, ``Manual`` or ``Disabled``.
        image_path: command line in the registry.
    """

    name: str
    display_name: str
    status: str = "Stopped"
    start_type: str = "Manual"
    image_path: str = r"%SystemRoot%\System32\svchost.exe -k netsvcs -p"


START_VALUES: Final = {"Automatic": 2, "Manual": 3, "Disabled": 4}
VMIC_IMAGE: Final = r"%SystemRoot%\System32\svchost.exe -k LocalSystemNetworkRestricted -p"

#: The guest services exist on every Windows; on a host they stay stopped (1.3).
VMIC_SERVICES: Final = (
    ("vmicguestinterface", "Hyper-V Guest Service Interface"),
    ("vmicheartbeat", "Hyper-V Heartbeat Service"),
    ("vmickvpexchange", "Hyper-V Data Exchange Service"),
    ("vmicrdv", "Hyper-V Remote Desktop Virtualization Service"),
    ("vmicshutdown", "Hyper-V Guest Shutdown Service"),
    ("vmictimesync", "Hyper-V Time Synchronization Service"),
    ("vmicvmsession", "Hyper-V PowerShell Direct Service"),
    ("vmicvss", "Hyper-V Volume Shadow Copy Requestor"),
)


def system_services(*, role_installed: bool = False, vmms_running: bool = False) -> dict[str, WindowsService]:
    """Services of a fresh Windows by lower-case name; without the role those of any machine."""
    services = [WindowsService(name, display, image_path=VMIC_IMAGE) for name, display in VMIC_SERVICES]
    services += [
        WindowsService("WinRM", "Windows Remote Management (WS-Management)", "Running", "Automatic"),
        WindowsService("EventLog", "Windows Event Log", "Running", "Automatic"),
        WindowsService("Winmgmt", "Windows Management Instrumentation", "Running", "Automatic"),
        WindowsService("Spooler", "Print Spooler", "Running", "Automatic", r"%SystemRoot%\System32\spoolsv.exe"),
        WindowsService("W32Time", "Windows Time", "Running", "Automatic"),
    ]
    if role_installed:
        status = "Running" if vmms_running else "Stopped"
        services += [
            WindowsService(
                "vmms", "Hyper-V Virtual Machine Management", status, "Automatic", r"%systemroot%\system32\vmms.exe"
            ),
            WindowsService(
                "vmcompute", "Hyper-V Host Compute Service", status, "Manual", r"%systemroot%\system32\vmcompute.exe"
            ),
        ]
    return {service.name.lower(): service for service in services}


def seed_registry(registry: Registry, host: WindowsMachine) -> None:
    """Write what scripts look for: services, Windows version, computer name."""
    root = "HKLM\\SYSTEM\\CurrentControlSet"
    for service in host.services.values():
        key = f"{root}\\Services\\{service.name}"
        registry.set_value(key, "DisplayName", service.display_name)
        registry.set_value(key, "ImagePath", service.image_path, "ExpandString")
        registry.set_value(key, "Start", START_VALUES[service.start_type])
        registry.set_value(key, "Type", 0x20 if "svchost" in service.image_path.lower() else 0x10)
        registry.set_value(key, "ErrorControl", 1)
        registry.set_value(key, "ObjectName", "LocalSystem")
    registry.set_value(f"{root}\\Control\\ComputerName\\ComputerName", "ComputerName", host.name.upper())
    registry.set_value(f"{root}\\Services\\Tcpip\\Parameters", "Hostname", host.name)
    release = release_of(host.build)
    version = "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"
    registry.set_value(version, "ProductName", host.os_name)
    server = "server" in host.os_name.lower()
    registry.set_value(version, "EditionID", f"Server{host.edition}" if server else host.edition)
    registry.set_value(version, "CurrentVersion", "6.3")
    registry.set_value(version, "CurrentBuild", str(host.build))
    registry.set_value(version, "CurrentBuildNumber", str(host.build))
    registry.set_value(version, "CurrentMajorVersionNumber", 10)
    registry.set_value(version, "CurrentMinorVersionNumber", 0)
    registry.set_value(version, "ReleaseId", release.release_id)
    registry.set_value(version, "DisplayVersion", release.release_id)
    registry.set_value(version, "InstallationType", "Server" if server else "Client")
    registry.set_value(version, "SystemRoot", r"C:\Windows")
    environment = f"{root}\\Control\\Session Manager\\Environment"
    registry.set_value(environment, "ComSpec", r"%SystemRoot%\system32\cmd.exe", "ExpandString")
    registry.set_value(environment, "OS", "Windows_NT")
    registry.set_value(
        environment, "Path", r"%SystemRoot%\system32;%SystemRoot%;%SystemRoot%\System32\Wbem", "ExpandString"
    )
    registry.set_value(environment, "TEMP", r"%SystemRoot%\TEMP", "ExpandString")
    registry.set_value(environment, "TMP", r"%SystemRoot%\TEMP", "ExpandString")
    registry.set_value(environment, "windir", "%SystemRoot%", "ExpandString")
    registry.create_key("HKCU\\Software\\Microsoft")
    registry.create_key("HKCU\\Environment")


def profile_name(user: str) -> str:
    """Directory name of a user's profile."""
    return "".join("_" if char in '<>:"/\\|?*' or ord(char) < 32 else char for char in user).rstrip(". ") or "user"


def seed_files(files: VirtualFileSystem, host: WindowsMachine) -> None:
    """Create the directories that every Windows has, and a profile for each user."""
    for path in (
        r"C:\Windows\System32\WindowsPowerShell\v1.0\Modules",
        r"C:\Windows\System32\drivers\etc",
        r"C:\Windows\Temp",
        r"C:\Program Files\WindowsPowerShell\Modules",
        r"C:\Program Files (x86)",
        r"C:\ProgramData\Microsoft\Windows\Hyper-V",
        r"C:\Users\Public\Documents\Hyper-V\Virtual hard disks",
        r"C:\Users\Default",
    ):
        files.make_directory(path)
    files.write_bytes(r"C:\Windows\System32\drivers\etc\hosts", b"127.0.0.1 localhost\r\n")
    files.write_bytes(r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe", b"MZ")
    files.write_bytes(r"C:\Windows\System32\cmd.exe", b"MZ")
    for user in host.users:
        files.make_directory(f"C:\\Users\\{profile_name(user.name)}\\AppData\\Local\\Temp")
        files.make_directory(f"C:\\Users\\{profile_name(user.name)}\\AppData\\Roaming")
        files.make_directory(f"C:\\Users\\{profile_name(user.name)}\\Documents")


#: Where variables of the machine and of the user are kept.
ENVIRONMENT_KEYS: Final = (r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment", r"HKCU\Environment")


def expand_variables(text: str, variables: Mapping[str, str]) -> str:
    """``%NAME%`` replaced; *variables* by lower-case name, unknown names stay."""
    return re.sub("%([^%]+)%", lambda match: variables.get(match[1].lower(), match[0]), text)


def environment_of(host: WindowsMachine, user: str) -> dict[str, str]:
    """Environment of a process that the user starts through WinRM."""
    profile = f"C:\\Users\\{profile_name(user)}"
    powershell = r"C:\Windows\System32\WindowsPowerShell\v1.0"
    return {
        "ALLUSERSPROFILE": r"C:\ProgramData",
        "APPDATA": f"{profile}\\AppData\\Roaming",
        "CommonProgramFiles": r"C:\Program Files\Common Files",
        "COMPUTERNAME": host.computer_name,
        "ComSpec": r"C:\Windows\system32\cmd.exe",
        "HOMEDRIVE": "C:",
        "HOMEPATH": profile[2:],
        "LOCALAPPDATA": f"{profile}\\AppData\\Local",
        "NUMBER_OF_PROCESSORS": "8",
        "OS": "Windows_NT",
        "Path": f"C:\\Windows\\system32;C:\\Windows;C:\\Windows\\System32\\Wbem;{powershell}\\",
        "PATHEXT": ".COM;.EXE;.BAT;.CMD;.VBS;.VBE;.JS;.JSE;.WSF;.WSH;.MSC",
        "PROCESSOR_ARCHITECTURE": "AMD64",
        "ProgramData": r"C:\ProgramData",
        "ProgramFiles": r"C:\Program Files",
        "ProgramFiles(x86)": r"C:\Program Files (x86)",
        "PSModulePath": f"{profile}\\Documents\\WindowsPowerShell\\Modules;"
        f"C:\\Program Files\\WindowsPowerShell\\Modules;{powershell}\\Modules",
        "PUBLIC": r"C:\Users\Public",
        "SystemDrive": "C:",
        "SystemRoot": r"C:\Windows",
        "TEMP": f"{profile}\\AppData\\Local\\Temp",
        "TMP": f"{profile}\\AppData\\Local\\Temp",
        "USERDOMAIN": host.computer_name,
        "USERNAME": user,
        "USERPROFILE": profile,
        "windir": r"C:\Windows",
    }
