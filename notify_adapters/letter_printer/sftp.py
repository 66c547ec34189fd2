"""A printer's SFTP server, known by its host key."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import join
from threading import Lock
from time import monotonic
from typing import Final

import paramiko

from notify_adapters.letter_printer import places
from notify_adapters.options import BadOption, integer, known, required, seconds
from notify_core.kernel.errors import PermanentError, TransientError
from notify_core.letters.ports.printer import AtPrinter, LetterPrinter

OPTIONS: Mapping[str, str] = {
    "host": "the server",
    "port": "its port (default 22)",
    "username": "whom we are there",
    "key_file": "the file with our private key, as OpenSSH writes it, without a passphrase",
    "host_key": "the server's public key, as ssh-keyscan shows it: ssh-ed25519 AAAA…",
    "path": "the folder for zips (default: the one that we arrive in)",
    "timeout": "seconds for connecting, and for each answer (default 30)",
    **places.OPTIONS,
}

_PORT: Final = 22
_TIMEOUT: Final = 30.0
# A connection that was idle for longer is more likely dead than not.
_IDLE: Final = 60.0
_KEPT: Final = 4


# No use to try again: the keys must be changed, or the folder made.
_REFUSALS: Final = (
    paramiko.AuthenticationException,
    paramiko.BadHostKeyException,
    paramiko.ssh_exception.IncompatiblePeer,
    PermissionError,
    FileNotFoundError,
)


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int
    username: str
    key: paramiko.PKey = field(repr=False)
    host_key: paramiko.PKey
    timeout: float


@dataclass(slots=True)
class _Connection:
    client: paramiko.SSHClient
    sftp: paramiko.SFTPClient
    used_at: float

    def close(self) -> None:
        with suppress(paramiko.SSHException, OSError, EOFError):
            self.client.close()

    def is_fresh(self) -> bool:
        transport = self.client.get_transport()
        return transport is not None and transport.is_active() and monotonic() - self.used_at < _IDLE


class SftpPrinter:
    """Connections are made when needed, used by one thread at a time, and kept for a minute."""

    name = "sftp"

    def __init__(self, server: Server, path: str = "") -> None:
        self._server = server
        self._path = path
        self._lock = Lock()
        self._idle: list[_Connection] = []

    def look(self, zip_name: str) -> AtPrinter:
        with self._connected() as sftp:
            return AtPrinter(
                _size(sftp, self._place(places.incoming(zip_name))),
                _size(sftp, self._place(zip_name)),
            )

    def upload(self, zip_name: str, pieces: Iterable[bytes]) -> None:
        with self._connected() as sftp, sftp.open(self._place(places.incoming(zip_name)), "wb") as file:
            file.set_pipelined()
            for piece in pieces:
                file.write(piece)

    def release(self, zip_name: str) -> None:
        incoming, released = self._place(places.incoming(zip_name)), self._place(zip_name)
        with self._connected() as sftp:
            if _size(sftp, incoming) is None:
                return
            # The protocol's own rename replaces nothing (draft-ietf-secsh-filexfer-02, 6.5).
            try:
                sftp.rename(incoming, released)
            except OSError as error:
                if _size(sftp, released) is not None:
                    raise PermanentError(f"the printer has another file of the name {zip_name}") from error
                raise

    def _place(self, name: str) -> str:
        return join(self._path, name) if self._path else name

    @contextmanager
    def _connected(self) -> Iterator[paramiko.SFTPClient]:
        """A connection that is given back when all went well."""
        server = self._server
        try:
            connection = self._take() or _connect(server)
            try:
                yield connection.sftp
            except BaseException:
                connection.close()
                raise
            self._give_back(connection)
        except _REFUSALS as error:
            raise PermanentError(f"the printer {server.host} refuses us, or is another: {error}") from error
        except (paramiko.SSHException, EOFError, OSError) as error:
            raise TransientError(f"the printer {server.host} is not there: {error}") from error

    def _take(self) -> _Connection | None:
        with self._lock:
            idle, self._idle = self._idle, []
            fresh = [one for one in idle if one.is_fresh()]
            for one in idle:
                if one not in fresh:
                    one.close()
            taken = fresh.pop() if fresh else None
            self._idle = fresh
            return taken

    def _give_back(self, connection: _Connection) -> None:
        connection.used_at = monotonic()
        with self._lock:
            if len(self._idle) < _KEPT:
                self._idle.append(connection)
                return
        connection.close()


def _connect(server: Server) -> _Connection:
    client = paramiko.SSHClient()
    # Whatever this machine knows of other servers does not count: it is this key, or none.
    known_as = server.host if server.port == _PORT else f"[{server.host}]:{server.port}"
    client.get_host_keys().add(known_as, server.host_key.get_name(), server.host_key)
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    try:
        client.connect(
            server.host,
            server.port,
            server.username,
            pkey=server.key,
            timeout=server.timeout,
            banner_timeout=server.timeout,
            auth_timeout=server.timeout,
            channel_timeout=server.timeout,
            allow_agent=False,
            look_for_keys=False,
        )
        sftp = client.open_sftp()
        channel = sftp.get_channel()
        if channel is not None:
            channel.settimeout(server.timeout)
    except BaseException:
        client.close()
        raise
    return _Connection(client, sftp, monotonic())


def _size(sftp: paramiko.SFTPClient, place: str) -> int | None:
    try:
        return sftp.stat(place).st_size
    except FileNotFoundError:
        return None


def _host_key(text: str) -> paramiko.PKey:
    """:raises BadOption: it is no public key."""
    kind, _, key = text.strip().partition(" ")
    try:
        entry = paramiko.hostkeys.HostKeyEntry.from_line(f"printer {kind} {key.partition(' ')[0]}")
    except paramiko.hostkeys.InvalidHostKey:
        entry = None
    if entry is None or entry.key is None:
        raise BadOption("option host_key must be like: ssh-ed25519 AAAA…")
    return entry.key


def _private_key(path: str) -> paramiko.PKey:
    """:raises BadOption: the file cannot be read, or has no private key."""
    try:
        return paramiko.PKey.from_path(Path(path))
    except (OSError, ValueError, paramiko.SSHException, paramiko.pkey.UnknownKeyType) as error:
        raise BadOption(f"option key_file: {path} cannot be used: {error}") from error


def build(options: Mapping[str, str]) -> LetterPrinter:
    known(options, *OPTIONS)
    server = Server(
        host=required(options, "host"),
        port=integer(options, "port", _PORT, minimum=1),
        username=required(options, "username"),
        key=_private_key(required(options, "key_file")),
        host_key=_host_key(required(options, "host_key")),
        timeout=seconds(options, "timeout", _TIMEOUT),
    )
    return SftpPrinter(server, options.get("path", "").strip())
