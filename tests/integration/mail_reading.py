"""Reading back what an adapter made of an email."""

from email import message_from_bytes
from email.policy import default

from notify_core.notifications.ports import OutgoingEmail

_OURS = {"from", "to", "subject", "message-id", "reply-to", "date", "content-type", "mime-version"}


def parsed(raw):
    return message_from_bytes(raw, policy=default)


def read_back(raw, recipient):
    mail = parsed(raw)
    sender = mail["From"].addresses[0]
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    return OutgoingEmail(
        reference=mail["Message-ID"].strip("<>").partition("@")[0],
        recipient=recipient,
        subject=mail["Subject"],
        plain=plain.get_content().replace("\r\n", "\n"),
        html=html.get_content().replace("\r\n", "\n"),
        from_address=f'"{sender.display_name}" <{sender.addr_spec}>',
        reply_to=mail["Reply-To"] and mail["Reply-To"].addresses[0].addr_spec,
        headers={name: value for name, value in mail.items() if name.lower() not in _OURS},
    )
