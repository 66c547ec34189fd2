"""A real OpenSSH server that speaks SFTP, for this account, on this machine."""

import getpass
import os
import shutil
import signal
import socket
import subprocess
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.integration.needed import missing
from tests.integration.waiting import eventually

_PLACES = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
SSHD = shutil.which("sshd", path=_PLACES)
KEYGEN = shutil.which("ssh-keygen", path=_PLACES)


@dataclass
class SftpServer:
    """``folder`` is where who logs in with ``key_file`` arrives. Its processes can be ended and started again."""

    home: Path
    port: int
    process: subprocess.Popen | None = None

    @property
    def folder(self):
        return self.home / "printer"

    @property
    def key_file(self):
        return self.home / "client"

    @property
    def host_key(self):
        return (self.home / "host.pub").read_text()

    def options(self, **changes):
        return {
            "host": "127.0.0.1",
            "port": str(self.port),
            "username": getpass.getuser(),
            "key_file": str(self.key_file),
            "host_key": self.host_key,
            "path": str(self.folder),
            "timeout": "10",
            **changes,
        }

    def start(self):
        with (self.home / "sshd.log").open("ab") as log:
            self.process = subprocess.Popen([SSHD, "-D", "-e", "-f", self.home / "sshd_config"], stderr=log)
        eventually(self._listens, "sshd does not listen")

    def stop(self):
        """Ends it and the connections it has, each of which is a process below it."""
        ours = [self.process.pid]
        for pid in ours:
            ours += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        for pid in ours:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def _listens(self):
        assert self.process.poll() is None, (self.home / "sshd.log").read_text()
        with socket.socket() as tried:
            return tried.connect_ex(("127.0.0.1", self.port)) == 0


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def make_key(path, kind="ed25519"):
    subprocess.run([KEYGEN, "-q", "-t", kind, "-N", "", "-f", path], check=True)


@contextmanager
def running_sshd(home):
    if SSHD is None or KEYGEN is None:
        missing("sshd and ssh-keygen (openssh-server)")
    server = SftpServer(home, _free_port())
    server.folder.mkdir()
    make_key(home / "host")
    make_key(server.key_file)
    shutil.copy(home / "client.pub", home / "authorized_keys")
    if os.geteuid() == 0:
        # Where sshd, as root, keeps its helper's empty folder.
        Path("/run/sshd").mkdir(exist_ok=True)
    (home / "sshd_config").write_text(
        f"ListenAddress 127.0.0.1:{server.port}\nHostKey {home / 'host'}\nPidFile none\nStrictModes no\n"
        f"AuthorizedKeysFile {home / 'authorized_keys'}\nPasswordAuthentication no\nUsePAM no\n"
        "PermitRootLogin prohibit-password\nSubsystem sftp internal-sftp\n"
    )
    server.start()
    try:
        yield server
    finally:
        server.stop()
