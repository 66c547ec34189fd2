"""Any mail server, by SMTP (RFC 5321). There are no receipts: what it took counts as sent (see ADR 0014)."""

import os
import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from threading import local

from notify_adapters.email.mime import message_id_of, recipient_of, sender_of, written
from notify_adapters.options import BadOption, choice, integer, known, required, seconds
from notify_core.kernel.errors import TransientError
from notify_core.notifications.ports import EmailSupplier, OutgoingEmail, SupplierRefused

OPTIONS: Mapping[str, str] = {
    "host": "the mail server",
    "port": "its port (587; with tls=implicit 465)",
    "tls": "starttls, implicit or none (starttls)",
    "ca_file": "certificates to trust besides the usual ones (none)",
    "username": "where the server wants one (none)",
    "password": "belongs to username (secret)",
    "timeout": "seconds that connecting, and each answer, may take (10)",
}

NAME = "smtp"
STARTTLS, IMPLICIT, NO_TLS = "starttls", "implicit", "none"
_FAILURE, _PERMANENT = 400, 500


@dataclass(frozen=True)
class Server:
    """Where to, and how."""

    host: str
    port: int
    tls: str
    timeout: float
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""

    def connect(self) -> smtplib.SMTP:
        """:raises OSError: nobody is there, or not whom we want to talk to (smtplib's errors are of this kind)."""
        context = ssl.create_default_context()
        if self.ca_file:
            context.load_verify_locations(self.ca_file)
        if self.tls == IMPLICIT:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=context)
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            if self.tls == STARTTLS:
                connection.starttls(context=context)
            if self.username:
                connection.login(self.username, self.password)
        except BaseException:
            connection.close()
            raise
        return connection


class _Line:
    """A connection of one thread of one process; closed, without a word, when nobody has it any more."""

    def __init__(self, connection: smtplib.SMTP) -> None:
        self.connection = connection
        self._process = os.getpid()

    def stands(self) -> bool:
        """Servers close what is idle. Asked before anything is sent, so that nothing is sent twice. A parent's line
        is not ours to talk over."""
        if self._process != os.getpid():
            return False
        try:
            return self.connection.rset()[0] < _FAILURE
        except (smtplib.SMTPException, OSError):
            return False

    def close(self) -> None:
        with suppress(OSError):
            self.connection.close()

    def __del__(self) -> None:
        self.close()


class _Kept(local):
    line: _Line | None = None


@dataclass(frozen=True)
class Smtp:
    """Each thread keeps its connection. The message's id is made of our reference."""

    server: Server
    name: str = NAME
    sends_receipts: bool = False
    _kept: _Kept = field(default_factory=_Kept, repr=False, compare=False)

    def send(self, message: OutgoingEmail) -> str:
        mail, sender, recipient = written(message), sender_of(message), recipient_of(message)
        try:
            self._connection().sendmail(sender, [recipient], mail.as_bytes())
        except smtplib.SMTPRecipientsRefused as error:
            raise self._failure("the recipient", error.recipients[recipient][0], never=True) from None
        except smtplib.SMTPSenderRefused as error:
            # It is ours to mend, whatever the server thinks.
            raise self._failure("the sender", error.smtp_code, never=False) from None
        except smtplib.SMTPDataError as error:
            raise self._failure("the message", error.smtp_code, never=True) from None
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise TransientError(f"no answer of the mail server: {type(error).__name__}") from error
        return message_id_of(message)

    def close(self) -> None:
        """Close this thread's connection; it opens again when needed."""
        line, self._kept.line = self._kept.line, None
        if line is not None:
            line.close()

    def _failure(self, what: str, code: int, *, never: bool) -> SupplierRefused | TransientError:
        """What the server says may repeat the address: its code has to do."""
        self.close()
        said = f"the mail server answered {code} about {what}"
        return SupplierRefused(said) if never and code >= _PERMANENT else TransientError(said)

    def _connection(self) -> smtplib.SMTP:
        if self._kept.line is None or not self._kept.line.stands():
            self.close()
            self._kept.line = _Line(self.server.connect())
        return self._kept.line.connection


def build(options: Mapping[str, str]) -> EmailSupplier:
    """Options ``host``, ``port``, ``tls``, ``ca_file``, ``username``, ``password``, ``timeout``.

    :raises BadOption: one is wrong; a password would go unencrypted.
    """
    known(options, *OPTIONS)
    tls = choice(options, "tls", STARTTLS, (STARTTLS, IMPLICIT, NO_TLS))
    username = options.get("username", "").strip()
    if username and tls == NO_TLS:
        raise BadOption("option username needs tls: a password is not sent in clear")
    server = Server(
        host=required(options, "host"),
        port=integer(options, "port", 465 if tls == IMPLICIT else 587, minimum=1),
        tls=tls,
        timeout=seconds(options, "timeout", 10),
        username=username,
        password=required(options, "password") if username else "",
        ca_file=options.get("ca_file", "").strip(),
    )
    return Smtp(server)
