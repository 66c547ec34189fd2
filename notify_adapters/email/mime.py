"""An email as it goes over the wire, for suppliers that take it whole."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from notify_core.notifications.ports import OutgoingEmail, SupplierRefused

# Some servers count octets, and 8 bits are not for all of them.
_ENCODING = "quoted-printable"


def sender_of(message: OutgoingEmail) -> str:
    """The bare address that it is from, in ASCII.

    :raises SupplierRefused: it cannot be written so.
    """
    return _ascii(parseaddr(message.from_address)[1])


def recipient_of(message: OutgoingEmail) -> str:
    """The bare address that it goes to, in ASCII.

    :raises SupplierRefused: it cannot be written so.
    """
    return _ascii(message.recipient)


def message_id_of(message: OutgoingEmail) -> str:
    """The same for every try, so that a mailbox that gets it twice can tell; without angle brackets."""
    return f"{message.reference}@{sender_of(message).rpartition('@')[2]}"


def written(message: OutgoingEmail) -> EmailMessage:
    """:raises SupplierRefused: an address cannot be written in ASCII."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(parseaddr(message.from_address)[0], addr_spec=sender_of(message))
    mail["To"] = Address(addr_spec=recipient_of(message))
    mail["Subject"] = _one_line(message.subject)
    mail["Message-ID"] = f"<{message_id_of(message)}>"
    if message.reply_to is not None:
        mail["Reply-To"] = Address(addr_spec=_ascii(message.reply_to))
    for name, value in message.headers.items():
        mail[name] = _one_line(value)
    mail.set_content(message.plain, cte=_ENCODING)
    mail.add_alternative(message.html, subtype="html", cte=_ENCODING)
    return mail


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _ascii(address: str) -> str:
    """Domains have an ASCII form; what stands before them has none that all servers know."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local.encode('ascii').decode()}@{domain.encode('idna').decode()}"
    except UnicodeError:
        raise SupplierRefused("the address cannot be written in ASCII") from None
