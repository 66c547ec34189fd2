"""``notify serve``: it starts on an empty machine, answers, and ends as it should."""

import signal
import socket

import pytest
import requests


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_sets_itself_up_answers_and_ends_when_told(machine, number):
    with machine.serving() as served:
        assert requests.get(f"{machine.url}/_status", timeout=5).json()["status"] == "ok"
        assert machine.document("check")[0]["answer"] == "ok", "the database has been migrated"
        served.signal(number)
        assert served.wait(timeout=10) == 0
    assert "Traceback" not in served.log()
    assert " ERROR " not in served.log()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", machine.port)) != 0


def test_the_port_of_the_command_line_wins(machine):
    other = machine.port
    environ = {"NOTIFY_PORT": "1"}
    with machine.serving("--port", str(other), **environ):
        assert requests.get(f"{machine.url}/_status", timeout=5).ok


def test_a_message_reaches_its_end_while_files_are_applied(machine, make_account, fake_sms, eventually):
    with machine.serving():
        account = make_account()
        sent = account.send(1)
        eventually(lambda: account.status(sent) == "delivered")
        assert machine.provision({"services": [account.document]}) == {"changes": [], "issued": []}
    assert [message.reference for message in fake_sms.messages()] == [sent]
    assert machine.ledger() == []


def test_what_has_begun_is_finished_before_it_ends(account, fake_sms, eventually):
    fake_sms.rescript(latency=1.0, receipts=False)
    machine = account.machine
    with machine.serving() as served:
        for number in range(12):
            account.send(number)
        eventually(lambda: fake_sms.count() >= 8, otherwise="the workers have not begun")
        served.signal(signal.SIGTERM)
        assert served.wait(timeout=15) == 0
    begun = fake_sms.count()
    # Begun is finished and gone; what had not begun is handed back, and nobody has it.
    states = [row["state"] for row in machine.ledger()]
    assert len(states) == 12 - begun
    assert set(states) <= {"due"}

    fake_sms.rescript(latency=0.0)
    with machine.serving():
        eventually(lambda: not machine.unfinished())
    assert (fake_sms.count(), fake_sms.repeats()) == (12, 0)


class TestWhatIsTaken:
    def test_a_second_process_on_the_same_data_is_refused(self, machine):
        with machine.serving():
            line = machine.refused("serve", NOTIFY_PORT="16999")
            assert line == f"NOTIFY_DATA_DIR: another process serves {machine.data_dir}: end it, or choose another"
            assert requests.get(f"{machine.url}/_status", timeout=5).ok

    def test_after_a_kill_the_data_are_free_again(self, machine):
        for _ in range(2):
            with machine.serving() as served:
                served.kill()

    def test_a_port_in_use_is_refused(self, machine):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", machine.port))
            taken.listen()
            line = machine.refused("serve")
        assert line == (
            f"NOTIFY_HOST=127.0.0.1, NOTIFY_PORT={machine.port}: cannot be served: Address already in use; "
            "choose another with --port"
        )

    def test_an_address_that_is_not_here_is_refused(self, machine):
        assert "cannot be served: " in machine.refused("serve", "--host", "192.0.2.1")
        assert "there is no such address" in machine.refused("serve", "--host", "host.invalid")
