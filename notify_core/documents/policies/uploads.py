"""A file within a message's personalisation, as the official clients hand it in. Texts are the published API's."""

import re
from base64 import b64decode
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, TypeGuard

from notify_core.accounts.model import Service
from notify_core.documents.model import Upload
from notify_core.documents.policies.file_types import check_type
from notify_core.kernel.errors import InvalidValue, NotAllowed
from notify_core.kernel.texts import storable

LARGEST: Final = 2 * 1024 * 1024  # bytes, as the clients check it
LONGEST_NAME: Final = 100
DEFAULT_WEEKS: Final = 26
LONGEST_WEEKS: Final = 78

_KEYS: Final = frozenset({"file", "filename", "is_csv", "confirm_email_before_download", "retention_period"})
_WEEKS: Final = re.compile(r"\s*([0-9]{1,3}) weeks?\s*", re.IGNORECASE)
# What a file system or a header would take for something else than a name.
_NOT_IN_NAMES: Final = re.compile('[\x00-\x1f\x7f/\\\\:"]')


def check_set_up(service: Service, admin_base_url: str) -> None:
    """:raises NotAllowed: the page of a file could not say whom to ask about it."""
    if not service.contact_link:
        raise NotAllowed(
            "Send files by email has not been set up - add contact details for your service at "
            f"{admin_base_url}/services/{service.id}/service-settings/send-files-by-email"
        )


def refuse_files(personalisation: Mapping[str, object]) -> None:
    """:raises NotAllowed: there is a file among the values of what is no email."""
    if any(is_file(value) for value in personalisation.values()):
        raise NotAllowed("Can only send a file by email")


def is_file(value: object) -> TypeGuard[Mapping[str, object]]:
    """Whether a value of a message's personalisation is a file."""
    return isinstance(value, Mapping) and "file" in value


def read_uploads(personalisation: Mapping[str, object]) -> Mapping[str, Upload]:
    """The files among the values, by the names as given.

    :raises NotAllowed: one may not be sent.
    :raises InvalidValue: one has more keys than files have.
    """
    return {name: _read(value) for name, value in personalisation.items() if is_file(value)}


def _read(given: Mapping[str, object]) -> Upload:
    if unknown := sorted(str(key) for key in given.keys() - _KEYS):
        names, verb = ", ".join(unknown), "was" if len(unknown) == 1 else "were"
        raise InvalidValue(f"Additional properties are not allowed ({names} {verb} unexpected)")
    is_csv = given.get("is_csv")
    if is_csv is not None and not isinstance(is_csv, bool):
        raise NotAllowed("Value for is_csv must be a boolean")
    filename = _filename(given.get("filename"))
    available = _available(given.get("retention_period"))
    confirm = _confirm(given.get("confirm_email_before_download"))
    content = _content(given["file"])
    extension = filename.rpartition(".")[2].lower() if filename else None
    return Upload(content, check_type(content, extension, is_csv=bool(is_csv)), filename, confirm, available)


def _content(given: object) -> bytes:
    # Four characters for three bytes, so that nothing large is decoded to be refused. Some write line ends between.
    if not isinstance(given, str):
        raise NotAllowed("Document is not base64 encoded")
    encoded = "".join(given.split())
    if len(encoded) > (LARGEST + 2) // 3 * 4:
        raise NotAllowed("File is larger than 2MB")
    try:
        content = b64decode(encoded, validate=True)
    except ValueError:
        raise NotAllowed("Document is not base64 encoded") from None
    if len(content) > LARGEST:
        raise NotAllowed("File is larger than 2MB")
    return content


def _filename(given: object) -> str | None:
    if given is None:
        return None
    if not isinstance(given, str) or "." not in given:
        raise NotAllowed("`filename` must end with a file extension. For example, filename.csv")
    if len(given) > LONGEST_NAME:
        raise NotAllowed(f"`filename` cannot be longer than {LONGEST_NAME} characters")
    return storable(_NOT_IN_NAMES.sub("_", given))


def _confirm(given: object) -> bool:
    if given is None:
        return True
    if not isinstance(given, bool):
        raise NotAllowed(
            f"Unsupported value for confirm_email_before_download: '{given}'. Use a boolean true or false value."
        )
    return given


def _available(given: object) -> timedelta:
    if given is None:
        return timedelta(weeks=DEFAULT_WEEKS)
    found = _WEEKS.fullmatch(given) if isinstance(given, str) else None
    if not found or not 1 <= int(found[1]) <= LONGEST_WEEKS:
        raise NotAllowed(
            f"Unsupported value for retention_period '{given}'. Supported periods are from 1 to {LONGEST_WEEKS} weeks."
        )
    return timedelta(weeks=int(found[1]))
