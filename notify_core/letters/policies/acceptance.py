"""What is checked before a letter is accepted, besides its template. Texts are the published API's."""

import base64
import binascii
from typing import Final

from notify_core.accounts.model import Caller, KeyType, Permission, Service
from notify_core.kernel.errors import Forbidden, InvalidValue, NotAllowed
from notify_core.letters.model import Postage
from notify_core.notifications.model import Channel
from notify_core.notifications.policies import check_permission
from notify_core.recipients.model import PostalAddress
from notify_core.templates.model import Personalisation, Template

# Programs that write PDFs put something before the mark at times; readers look for it among so many bytes.
_MARK: Final = b"%PDF-"
_MARK_WITHIN: Final = 1024


def check_may_send_letters(caller: Caller) -> None:
    """:raises NotAllowed: the service has not been given letters.
    :raises Forbidden: its key is a team's, or it is in trial mode; then a test key may."""
    service, key_type = caller.service, caller.api_key.key_type
    check_permission(service, Channel.LETTER)
    if key_type is KeyType.TEAM:
        raise Forbidden("Cannot send letters with a team api key")
    if service.restricted and key_type is not KeyType.TEST:
        raise Forbidden("Cannot send letters when service is in trial mode")


def address_in(values: Personalisation, service: Service) -> PostalAddress:
    """Where a letter goes; abroad, if its service may send there.

    :raises InvalidValue: no letter would arrive.
    """
    return PostalAddress.of(values, abroad=Permission.INTERNATIONAL_LETTERS in service.permissions)


def postage_of(template: Template) -> Postage:
    """What a template's letters go with inside the UK."""
    return Postage(template.postage) if template.postage else Postage.SECOND


def uploaded_pdf(content: str) -> bytes:
    """The file that a sender uploads in base64, with line breaks or without. What is in it is checked later.

    :raises NotAllowed: it is not base64.
    :raises InvalidValue: it is no PDF.
    """
    try:
        pdf = base64.b64decode("".join(content.split()), validate=True)
    except (binascii.Error, ValueError):
        raise NotAllowed("Cannot decode letter content (invalid base64 encoding)") from None
    if _MARK not in pdf[:_MARK_WITHIN]:
        raise InvalidValue("content is not a PDF")
    return pdf
