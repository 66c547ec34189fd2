"""A real clamd, with one signature: that of the EICAR test file. Others cannot be had without a network."""

import getpass
import os
import shutil
import socket
import subprocess
from contextlib import contextmanager

from notify_core.testing.fakes.virus_scanner import EICAR
from tests.integration.needed import missing
from tests.integration.ports import free_port
from tests.integration.waiting import eventually

CLAMD = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@contextmanager
def running_clamd(folder):
    """The port it listens on."""
    if CLAMD is None:
        missing("clamd (clamav-daemon)")
    database, port = folder / "signatures", free_port()
    database.mkdir()
    (database / "eicar.ndb").write_text(f"Eicar-Test-Signature:0:*:{EICAR.hex()}\n")
    configuration = folder / "clamd.conf"
    configuration.write_text(
        f"DatabaseDirectory {database}\nTemporaryDirectory {folder}\nUser {getpass.getuser()}\nForeground yes\n"
        f"TCPAddr 127.0.0.1\nTCPSocket {port}\nStreamMaxLength 4M\nMaxThreads 2\nLogFile {folder / 'clamd.log'}\n"
    )
    daemon = subprocess.Popen([CLAMD, "--config-file", configuration], stdout=subprocess.DEVNULL)

    def listens():
        assert daemon.poll() is None, (folder / "clamd.log").read_text()
        with socket.socket() as tried:
            return tried.connect_ex(("127.0.0.1", port)) == 0

    try:
        eventually(listens, "clamd does not listen")
        yield port
    finally:
        daemon.kill()
        daemon.wait()
