# SPDX-License-Identifier: GPL-3.0-or-later
"""PowerShell Direct from a simulated host: who gets in, what comes back, what each failure looks like (hyperv-facts.md 2.6)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hvsim.engine.api import ScriptRequest, Session
from hvsim.engine.embedded import EmbeddedEngine
from hvsim.hyperv.faults import FaultRule
from hvsim.hyperv.guest import GuestSeed
from hvsim.hyperv.host import Host
from hvsim.hyperv.lab import parse_lab

LAB = """
hosts:
  - name: HV01
    vms:
      - name: web01
      - name: web02
      - name: db01
        state: off
      - name: twin
      - name: twin
        id: 00000000-0000-4000-8000-000000000002
      - name: tux
        guest: {os: linux}
"""
PRELUDE = """
$c = [pscredential]::new('Administrator', (ConvertTo-SecureString 'Lab-Only-1' -AsPlainText -Force))
$wrong = [pscredential]::new('Administrator', (ConvertTo-SecureString 'canary-4711' -AsPlainText -Force))
function Show($records) {
    foreach ($r in $records) { '{0}|{1}|{2}|{3}' -f $r.FullyQualifiedErrorId, $r.CategoryInfo.Category, $r.Exception.GetType().Name, $r.Exception.Message }
}
"""
ENDED = "An error has occurred which Windows PowerShell cannot handle. A remote session might have ended."
INVOKE = "Microsoft.PowerShell.Commands.InvokeCommandCommand"
NEW = "Microsoft.PowerShell.Commands.NewPSSessionCommand"


@pytest.fixture
def host() -> Host:
    return parse_lab(LAB).hosts()[0]


@pytest.fixture
def lines(host: Host) -> Callable[..., list[str]]:
    """The lines that a script prints; nothing may go to stderr."""

    def call(script: str, user: str = "Administrator") -> list[str]:
        result = EmbeddedEngine().run_script(Session(host, user), ScriptRequest(PRELUDE + script))
        assert result.stderr == ""
        return result.stdout.splitlines()

    return call


Lines = Callable[..., list[str]]


def test_a_command_runs_in_the_guest_with_its_edition_user_and_disk(host: Host, lines: Lines) -> None:
    got = lines(
        "Invoke-Command -VMName web01 -Credential $c { $env:COMPUTERNAME; $PSVersionTable.PSVersion.Major; whoami; Set-Content C:\\x.txt 'hi' }"
    )
    assert got == ["WEB01", "5", "web01\\administrator"]
    assert host.find_vms("web01")[0].guest.machine.files.read_text("C:\\x.txt").strip() == "hi"
    assert not host.files.exists("C:\\x.txt")


def test_what_comes_back_is_data_with_the_vm_s_name(lines: Lines) -> None:
    got = lines(
        """
        $s = Invoke-Command -VMName web01 -Credential $c { Get-Service vmicheartbeat }
        $s.PSObject.TypeNames[0]; $s.PSComputerName; $s.Status.GetType().Name; "$($s.Status)"; $s.Name
        """
    )
    assert got == ["Deserialized.System.ServiceProcess.ServiceController", "web01", "String", "Running", "vmicheartbeat"]


def test_a_session_keeps_its_state_and_ends_with_its_removal(host: Host, lines: Lines) -> None:
    service = host.find_vms("web01")[0].guest.machine.services["vmicvmsession"]
    got = lines(
        """
        $s = New-PSSession -VMName web01 -Credential $c
        $s.ComputerType.ToString(); $s.ComputerName; $s.VMName; "$($s.VMId)" -eq "$((Get-VM web01).Id)"
        Invoke-Command -Session $s { $n = 41 }
        Invoke-Command -Session $s { $n + 1; (Get-Service vmicvmsession).Status.ToString() }
        Remove-PSSession $s
        $s.State.ToString()
        """
    )
    assert got == ["VirtualMachine", "web01", "web01", "True", "42", "Running", "Closed"]
    assert service.status == "Stopped"


def test_sessions_end_with_the_process_that_opened_them(host: Host, lines: Lines) -> None:
    lines("$s = New-PSSession -VMName web01 -Credential $c; Invoke-Command -VMName web02 -Credential $c { Start-Sleep 60 } -AsJob | Out-Null")
    for name in ("web01", "web02"):
        assert host.find_vms(name)[0].guest.machine.services["vmicvmsession"].status == "Stopped"


@pytest.mark.parametrize(
    ("target", "credential", "invoke", "new"),
    [
        ("web01", "$wrong", "PSSessionStateBroken|OpenError|PSDirectException|The credential is invalid.", "PSSessionOpenFailed"),
        ("web0*", "$c", f"InvalidVMNameNotSingle,{INVOKE}|InvalidArgument|ArgumentException|The input VMName web0* does not resolve to a single "
         "virtual machine.", f"InvalidVMNameNotSingle,{NEW}"),
        ("twin", "$c", f"InvalidVMNameNotSingle,{INVOKE}|InvalidArgument|ArgumentException|The input VMName twin does not resolve to a single "
         "virtual machine.", f"InvalidVMNameNotSingle,{NEW}"),
        ("db01", "$c", f"InvalidVMState,{INVOKE}|InvalidArgument|ArgumentException|The virtual machine db01 is not in running state.",
         f"InvalidVMState,{NEW}"),
        ("tux", "$c", f"PSSessionStateBroken|OpenError|PSRemotingDataStructureException|{ENDED}", "PSSessionOpenFailed"),
    ],
)  # fmt: skip
def test_each_failure_has_its_record(lines: Lines, target: str, credential: str, invoke: str, new: str) -> None:
    got = lines(
        f"""
        $r = Invoke-Command -VMName '{target}' -Credential {credential} {{ 'ran' }} -ErrorAction SilentlyContinue -ErrorVariable e
        $null -eq $r; Show $e
        $s = New-PSSession -VMName '{target}' -Credential {credential} -ErrorAction SilentlyContinue -ErrorVariable e
        $null -eq $s; Show $e
        """
    )
    assert got == ["True", invoke, "True", new + "|" + invoke.partition("|")[2]]


def test_the_targets_of_the_errors_are_the_vm_and_the_runspace(lines: Lines) -> None:
    got = lines(
        """
        Invoke-Command -VMName web01 -Credential $wrong { 1 } -ErrorAction SilentlyContinue -ErrorVariable e; "$($e[0].CategoryInfo)"
        New-PSSession -VMName web01 -Credential $wrong -ErrorAction SilentlyContinue -ErrorVariable e
        $e[0].CategoryInfo.Activity; $e[0].CategoryInfo.TargetType; $e[0].TargetObject.RunspaceStateInfo.State.ToString(); @(Get-PSSession).Count
        """
    )
    assert got == [
        "OpenError: (web01:String) [], PSDirectException",
        "New-PSSession",
        "RemoteRunspace",
        "Broken",
        "0",
    ]


def test_an_unknown_id_names_itself(lines: Lines) -> None:
    unknown = "11111111-2222-3333-4444-555555555555"
    got = lines(f"Invoke-Command -VMId '{unknown}' -Credential $c {{ 1 }} -ErrorAction SilentlyContinue -ErrorVariable e; Show $e")
    assert got == [
        f"InvalidVMIdNotSingle,{INVOKE}|InvalidArgument|ArgumentException|The input VMId {unknown} does not resolve to a single virtual machine."
    ]


def test_one_bad_vm_does_not_stop_the_others(lines: Lines) -> None:
    got = lines(
        """
        Invoke-Command -VMName web01, db01, web02 -Credential $c { hostname } -ErrorAction SilentlyContinue -ErrorVariable e
        @($e).Count
        """
    )
    assert got == ["WEB01", "WEB02", "1"]


def test_a_throw_inside_is_non_terminating_with_vm_parameters(lines: Lines) -> None:
    """README of the recorded cases: only for one -Session a throw ends the caller's script."""
    got = lines(
        """
        try { Invoke-Command -VMName web01 -Credential $c { 'a'; throw 'boom' } -ErrorAction SilentlyContinue -ErrorVariable e; 'went on' }
        catch { 'caught' }
        $e[0].FullyQualifiedErrorId; $e[0].GetType().Name; $e[0].OriginInfo.PSComputerName
        $s = New-PSSession -VMName web01 -Credential $c
        try { Invoke-Command -Session $s { throw 'boom' }; 'went on' } catch { "caught $_" }
        """
    )
    assert got == ["a", "went on", "boom", "RemotingErrorRecord", "web01", "caught boom"]


@pytest.mark.parametrize("fault", ["reboot_guest", "turn_off_guest"])
def test_a_session_dies_with_its_guest(host: Host, lines: Lines, fault: str) -> None:
    host.faults.add(FaultRule(command="PowerShellDirect", vm="web01", error=fault, skip=2))
    got = lines(
        """
        $s = New-PSSession -VMName web01 -Credential $c
        Invoke-Command -Session $s { 'one'; 'two'; 'three' } -ErrorAction SilentlyContinue -ErrorVariable e
        Show $e; $s.State.ToString(); $s.Availability.ToString()
        try { Invoke-Command -Session $s { 'three' } -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
        """
    )
    assert got == [
        "one",
        'JobFailure|OpenError|PSRemotingTransportException|The background process reported an error with the following message: "The Hyper-V '
        'socket target process has ended.".',
        "Broken",
        "None",
        f"InvokeCommandCommandInvalidSessionState,{INVOKE}",
    ]


def test_a_copy_that_loses_its_guest_says_which_file(host: Host, lines: Lines) -> None:
    host.files.write_bytes("C:\\big.bin", b"x" * 9_000_000)
    host.faults.add(FaultRule(command="PowerShellDirect", vm="web01", error="reboot_guest", skip=3))
    got = lines(
        """
        $s = New-PSSession -VMName web01 -Credential $c
        Copy-Item C:\\big.bin C:\\arrived.bin -ToSession $s -ErrorAction SilentlyContinue -ErrorVariable e
        $e | ForEach-Object { $_.FullyQualifiedErrorId }; $s.State.ToString()
        """
    )
    command = "Microsoft.PowerShell.Commands.CopyItemCommand"
    assert got == [f"CopyFileRemoteExecutionError,{command}", f"CopyError,{command}", "Broken"]
    assert host.find_vms("web01")[0].guest.machine.files.stat("C:\\arrived.bin").size < 9_000_000


def test_a_job_in_a_hung_guest_can_be_given_up(host: Host, lines: Lines) -> None:
    host.faults.add(FaultRule(command="PowerShellDirect", vm="web01", error="hang_guest", skip=2))
    got = lines(
        """
        $s = New-PSSession -VMName web01 -Credential $c
        $j = Invoke-Command -Session $s { 'a'; 'b' } -AsJob
        $started = Get-Date
        @(Wait-Job $j -Timeout 30).Count; [int]((Get-Date) - $started).TotalSeconds
        Receive-Job $j; Stop-Job $j; $j.State; Remove-Job $j; Remove-PSSession $s
        """
    )
    assert got == ["0", "30", "a", "Stopped"]


def test_a_job_whose_guest_goes_away_fails_when_it_does(host: Host, lines: Lines) -> None:
    host.faults.add(FaultRule(command="PowerShellDirect", vm="web01", error="reboot_guest", skip=2))
    got = lines(
        """
        $s = New-PSSession -VMName web01 -Credential $c
        $j = Invoke-Command -Session $s { 'a'; Start-Sleep -Seconds 20; 'b' } -AsJob
        $j.State
        $started = Get-Date
        @(Wait-Job $j).Count; [int]((Get-Date) - $started).TotalSeconds; $j.State
        Receive-Job $j -ErrorAction SilentlyContinue -ErrorVariable e; $e[0].FullyQualifiedErrorId
        """
    )
    assert got == ["Running", "1", "20", "Failed", "a", "JobFailure"]


def test_the_latency_of_jobs_in_several_guests_passes_at_the_same_time(host: Host, lines: Lines) -> None:
    """Three steps of a command each: before it, its output, after it."""
    host.faults.add(FaultRule(command="PowerShellDirect", vm="*", latency_ms=2000))
    got = lines(
        """
        $s = foreach ($name in 'web01', 'web02') { New-PSSession -VMName $name -Credential $c }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $jobs = foreach ($one in $s) { Invoke-Command -Session $one { 'a' } -AsJob }
        $watch.Elapsed.TotalSeconds
        "$($jobs.State)"; "$(Receive-Job $jobs)"
        [void](Wait-Job $jobs)
        $watch.Elapsed.TotalSeconds
        "$($jobs.State)"; "$(Receive-Job $jobs)"
        Invoke-Command -Session $s[0] { 'b' }
        $watch.Elapsed.TotalSeconds
        """
    )
    assert got == ["0", "Running Running", "", "6", "Completed Completed", "a a", "b", "12"]


def test_waiting_for_a_hung_guest_is_refused_by_name(host: Host) -> None:
    host.faults.add(FaultRule(command="PowerShellDirect", vm="web01", error="hang_guest"))
    script = PRELUDE + "Invoke-Command -VMName web01 -Credential $c { 1 }"
    result = EmbeddedEngine().run_script(Session(host, "Administrator"), ScriptRequest(script))
    assert "waiting for ever in Invoke-Command: The virtual machine web01 does not respond." in (result.refused or "")


def test_a_guest_has_no_hyper_v_module(lines: Lines) -> None:
    got = lines(
        """
        Invoke-Command -VMName web01 -Credential $c { Get-VM } -ErrorAction SilentlyContinue -ErrorVariable e; $e[0].FullyQualifiedErrorId
        Invoke-Command -VMName web01 -Credential $c { cmd /c exit 3; $LASTEXITCODE }
        """
    )
    assert got == ["CommandNotFoundException", "3"]


def test_files_go_into_the_guest_and_come_back(host: Host, lines: Lines) -> None:
    host.files.write_bytes("C:\\src\\a b.bin", bytes(range(256)) * 40, create_parents=True)
    got = lines(
        """
        $s = New-PSSession -VMName web01 -Credential $c
        Copy-Item -Path C:\\src -Destination C:\\data\\deep -ToSession $s -Recurse
        Copy-Item -Path C:\\data\\deep -Destination C:\\back -FromSession $s -Recurse
        (Get-FileHash 'C:\\back\\a b.bin').Hash -eq (Invoke-Command -Session $s { (Get-FileHash 'C:\\data\\deep\\a b.bin').Hash })
        """
    )
    assert got == ["True"]
    assert host.find_vms("web01")[0].guest.machine.files.read_bytes("C:\\data\\deep\\a b.bin") == bytes(range(256)) * 40
    assert host.files.read_bytes("C:\\back\\a b.bin") == bytes(range(256)) * 40


def test_calls_are_counted(host: Host, lines: Lines) -> None:
    lines("$s = New-PSSession -VMName web01 -Credential $c; 1..3 | ForEach-Object { Invoke-Command -Session $s { 1 } | Out-Null }")
    counted = host.counters.snapshot()
    assert (counted["cmdlet:New-PSSession"], counted["cmdlet:Invoke-Command"], counted["cmdlet:Get-VM"]) == (1, 3, 1)


def test_one_call_for_many_vms_counts_once(host: Host, lines: Lines) -> None:
    lines("Invoke-Command -VMName web01, web02 -Credential $c { 1 } | Out-Null")
    assert host.counters.get("cmdlet:Invoke-Command") == 1
    lines("$s = 'web01', 'web02' | ForEach-Object { New-PSSession -VMName $_ -Credential $c }; Invoke-Command -Session $s { 1 } | Out-Null")
    assert host.counters.get("cmdlet:Invoke-Command") == 2


def test_passwords_show_nowhere(host: Host) -> None:
    script = PRELUDE + "Invoke-Command -VMName web01, tux, db01 -Credential $wrong { 1 }; New-PSSession -VMName web01 -Credential $wrong; $Error | Format-List * -Force"
    result = EmbeddedEngine().run_script(Session(host, "Administrator"), ScriptRequest(script))
    assert "The credential is invalid." in result.stderr
    assert "canary" not in result.stdout + result.stderr


def test_sessions_to_vms_cannot_be_disconnected(lines: Lines) -> None:
    got = lines(
        """
        $s = New-PSSession -VMName web01 -Credential $c
        Disconnect-PSSession $s -ErrorAction SilentlyContinue -ErrorVariable e
        $e[0].Exception.Message -match 'target computer type is "VirtualMachine"'; $s.State.ToString()
        """
    )
    assert got == ["True", "Opened"]


def test_who_may_not_manage_hyper_v_sees_no_vm() -> None:
    host = parse_lab(
        LAB.replace("    vms:", "    users:\n      - {name: Administrator, password: Lab-Only-1, groups: [administrators]}\n"
                    "      - {name: helpdesk, password: Lab-Only-2, groups: [users]}\n    vms:")
    ).hosts()[0]  # fmt: skip
    result = EmbeddedEngine().run_script(
        Session(host, "helpdesk"),
        ScriptRequest(PRELUDE + "New-PSSession -VMName web01 -Credential $c -ErrorAction SilentlyContinue -ErrorVariable e; Show $e"),
    )
    assert result.stdout.splitlines() == [
        f"InvalidVMNameNotSingle,{NEW}|InvalidArgument|ArgumentException|The input VMName web01 does not resolve to a single virtual machine."
    ]


def test_exit_ends_the_command_and_tells_nobody_its_code(lines: Lines) -> None:
    """Neither does it end the caller, nor the session; as a nested pipeline it leaves its code in the session."""
    got = lines(
        """
        $s = New-PSSession -VMName web01 -Credential $c
        Invoke-Command -Session $s { 'one'; & { exit 3 }; 'two' } -ErrorVariable e
        "$($e.Count) [$LASTEXITCODE] [$(Invoke-Command -Session $s { $LASTEXITCODE })] $($s.State)"
        Invoke-Command -Session $s { $p = [powershell]::Create('CurrentRunspace'); $p.AddScript("'in'; exit 4").Invoke(); "then $LASTEXITCODE" }
        """
    )
    assert got == ["one", "0 [] [] Opened", "in", "then 4"]


def test_the_end_of_the_guest_s_process_ends_the_session(host: Host, lines: Lines) -> None:
    got = lines(
        """
        $s = New-PSSession -VMName web01, web02 -Credential $c
        $r = Invoke-Command -Session $s { 'one'; if ($env:COMPUTERNAME -eq 'WEB01') { [Environment]::Exit(3) }; 'two' } -ErrorAction SilentlyContinue -ErrorVariable e
        $r -join ','; Show $e; ($s | ForEach-Object { [string]$_.State }) -join ','
        """
    )
    message = 'The background process reported an error with the following message: "The Hyper-V socket target process has ended.".'
    assert got == ["one,one,two", f"JobFailure|OpenError|PSRemotingTransportException|{message}", "Broken,Opened"]
    assert host.find_vms("web01")[0].guest.machine.direct_sessions == 0


@pytest.mark.parametrize(
    ("fault", "error_id"),
    [("vanish", "InvalidVMIdNotSingle"), ("turn_off_guest", "InvalidVMState"), ("hang_guest", "PSSessionOpenFailed"), ("reboot_guest", "PSSessionOpenFailed")],
)
def test_faults_of_new_pssession_act_before_it_connects(host: Host, lines: Lines, fault: str, error_id: str) -> None:
    host.faults.add(FaultRule(command="New-PSSession", vm="web01", error=fault))
    got = lines(
        """
        $ids = (Get-VM web01).Id, (Get-VM web02).Id
        $s = New-PSSession -VMId $ids -Credential $c -ErrorAction SilentlyContinue -ErrorVariable e
        $s.VMName; ($e[0].FullyQualifiedErrorId -split ',')[0]; $e.Count
        """
    )
    assert got == ["web02", error_id, "1"]


def test_an_endpoint_without_language_refuses_scripts(host: Host, lines: Lines) -> None:
    host.find_vms("web01")[0].guest.seed = GuestSeed(configurations={"Jea": "NoLanguage", "Full": "FullLanguage"})
    got = lines(
        """
        $s = New-PSSession -VMName web01 -Credential $c -ConfigurationName Jea
        Invoke-Command -Session $s { 'ran' } -ErrorAction SilentlyContinue -ErrorVariable e
        Show $e; "$($e[0].TargetObject)"; $e[0].Exception.SerializedRemoteException.PSObject.TypeNames[0]; $s.State.ToString()
        $j = Invoke-Command -Session $s { param ($a) $a } -ArgumentList 1 -AsJob | Wait-Job
        $j.State.ToString(); Receive-Job $j -ErrorAction SilentlyContinue -ErrorVariable e; $e[0].FullyQualifiedErrorId
        Invoke-Command -VMName web01 -Credential $c -ConfigurationName full { 'full' }
        """
    )
    assert got == [
        "ScriptsNotAllowed|ParserError|RemoteException|The syntax is not supported by this runspace. This can occur if the runspace is in no-language mode.",
        " 'ran' ", "Deserialized.System.Management.Automation.ParseException", "Opened", "Failed", "ScriptsNotAllowed", "full",
    ]  # fmt: skip


@pytest.mark.parametrize("use", ["Invoke-Command -Session $s { Get-Date }", "Copy-Item C:\\x -ToSession $s C:\\y"])
def test_what_else_an_endpoint_without_language_can_do_is_refused(host: Host, use: str) -> None:
    host.find_vms("web01")[0].guest.seed = GuestSeed(configurations={"Jea": "NoLanguage"})
    script = PRELUDE + "$s = New-PSSession -VMName web01 -Credential $c -ConfigurationName Jea; " + use
    result = EmbeddedEngine().run_script(Session(host, "Administrator"), ScriptRequest(script))
    assert "session without language" in result.stderr
