"""The formats that schemas name. The rules are the core's; here they only get a name."""

import re
from collections.abc import Callable

from jsonschema import FormatChecker

from notify_core.kernel.calendar import parse_datetime
from notify_core.kernel.errors import InvalidValue
from notify_core.letters.policies import AT_HOME
from notify_core.notifications.policies import check_unsubscribe_url
from notify_core.recipients.model import EmailAddress, PhoneNumber

FORMATS = FormatChecker(formats=())

_UUID = re.compile("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def _format(name: str, checks: Callable[[str], object]) -> None:
    """``checks`` raises InvalidValue with the published words."""

    def accepts(value: object) -> bool:
        # What is no text is refused by the schema's type.
        if isinstance(value, str):
            checks(value)
        return True

    FORMATS.checks(name, raises=InvalidValue)(accepts)


def _uuid(value: str) -> None:
    if _UUID.fullmatch(value) is None:
        raise InvalidValue("is not a valid UUID")


def _datetime(value: str) -> None:
    try:
        parse_datetime(value)
    except InvalidValue:
        raise InvalidValue(
            "datetime format is invalid. It must be a valid ISO8601 date time format, "
            "https://en.wikipedia.org/wiki/ISO_8601"
        ) from None


def _letter_postage(value: str) -> None:
    if value not in AT_HOME:
        raise InvalidValue("invalid. It must be either first, second or economy.")


_format("uuid", _uuid)
_format("datetime", _datetime)
_format("phone_number", PhoneNumber.parse)
_format("email_address", EmailAddress.parse)
_format("https_url", check_unsubscribe_url)
_format("letter_postage", _letter_postage)
