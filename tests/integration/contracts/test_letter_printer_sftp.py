import os
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from notify_adapters.letter_printer import sftp
from notify_adapters.letter_printer.sftp import build
from notify_adapters.options import BadOption
from notify_core.kernel.errors import PermanentError, TransientError
from notify_core.testing.contracts.letter_printer import ABSENT, ZIP, LetterPrinterContract
from tests.integration.sshd import make_key, running_sshd


@pytest.fixture(scope="module")
def shared_sshd(tmp_path_factory):
    with running_sshd(tmp_path_factory.mktemp("sshd")) as server:
        yield server


@pytest.fixture
def server(shared_sshd):
    yield shared_sshd
    if shared_sshd.process.poll() is not None:
        shared_sshd.start()
    for file in shared_sshd.folder.iterdir():
        file.unlink()


@pytest.fixture
def connections(monkeypatch):
    """How many were made."""
    made = []
    connect = sftp._connect
    monkeypatch.setattr(sftp, "_connect", lambda server: made.append(1) or connect(server))
    return made


class TestSftpPrinter(LetterPrinterContract):
    @pytest.fixture
    def printer(self, server):
        self.server = server
        printer = build(server.options())
        yield printer
        for one in printer._idle:
            one.close()

    def content(self, printer, zip_name):
        return (self.server.folder / zip_name).read_bytes()

    def take(self, printer, zip_name):
        (self.server.folder / zip_name).unlink()

    def make_it_fail(self, printer):
        self.server.stop()

    def make_it_refuse(self, printer):
        make_key(self.server.home / f"stranger-{os.getpid()}")
        other = build(self.server.options(key_file=str(self.server.home / f"stranger-{os.getpid()}")))
        printer._server = other._server

    def test_one_connection_does_for_a_zip(self, printer, connections):
        printer.look(ZIP)
        printer.upload(ZIP, [b"content"])
        printer.release(ZIP)
        printer.look(ZIP)
        assert len(connections) == 1

    def test_a_connection_that_was_lost_is_made_again(self, printer, connections):
        printer.look(ZIP)
        self.server.stop()
        self.server.start()
        with suppress(TransientError):  # perhaps we have not heard of it yet
            printer.look(ZIP)
        assert printer.look(ZIP) == ABSENT
        assert len(connections) == 2

    def test_a_connection_that_was_idle_for_long_is_not_used_again(self, printer, connections):
        printer.look(ZIP)
        printer._idle[0].used_at -= 61
        printer.look(ZIP)
        assert len(connections) == 2
        assert len(printer._idle) == 1

    def test_several_zips_go_at_once_and_few_connections_are_kept(self, printer):
        names = [ZIP.replace(".001.", f".{number:03}.") for number in range(8)]

        def bring(name):
            printer.upload(name, [name.encode()] * 1000)
            printer.release(name)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(bring, names))
        assert all(self.content(printer, name) == name.encode() * 1000 for name in names)
        assert len(printer._idle) <= 4

    def test_without_a_path_zips_go_where_we_arrive(self, printer):
        assert build(self.server.options(path=""))._place(ZIP) == ZIP

    def test_a_folder_that_is_not_there(self, server):
        elsewhere = build(server.options(path=str(server.folder / "nowhere")))
        with pytest.raises(PermanentError):
            elsewhere.upload(ZIP, [b"content"])

    def test_another_server_in_its_place_gets_nothing(self, server):
        make_key(server.home / f"another-{os.getpid()}")
        other = (server.home / f"another-{os.getpid()}.pub").read_text()
        with pytest.raises(PermanentError, match="is another"):
            build(server.options(host_key=other)).upload(ZIP, [b"content"])
        make_key(server.home / f"ecdsa-{os.getpid()}", "ecdsa")
        of_another_kind = (server.home / f"ecdsa-{os.getpid()}.pub").read_text()
        with pytest.raises(PermanentError):
            build(server.options(host_key=of_another_kind)).upload(ZIP, [b"content"])
        assert list(server.folder.iterdir()) == []


def test_a_server_that_says_nothing_is_given_up(server):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = str(silent.getsockname()[1])
        with pytest.raises(TransientError):
            build(server.options(port=port, timeout="0.3")).look(ZIP)


def test_options_are_checked(server, tmp_path):
    options = server.options()
    for name in ("host", "username", "key_file", "host_key"):
        with pytest.raises(BadOption, match=name):
            build({**options, name: ""})
    with pytest.raises(BadOption, match="host_key must be like"):
        build({**options, "host_key": "ssh-ed25519 nothing"})
    with pytest.raises(BadOption, match="host_key must be like"):
        build({**options, "host_key": "one"})
    with pytest.raises(BadOption, match="key_file"):
        build({**options, "key_file": str(tmp_path / "nowhere")})
    (tmp_path / "nonsense").write_text("no key")
    with pytest.raises(BadOption, match="key_file"):
        build({**options, "key_file": str(tmp_path / "nonsense")})
    with pytest.raises(BadOption, match="unknown option password"):
        build({**options, "password": "secret"})
