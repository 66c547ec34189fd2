"""How long the text of an alert may be. Source: broadcasts.md, section 7 no. 6."""

from notify_core.kernel.errors import InvalidValue
from notify_core.kernel.gsm7 import gsm_length, has_welsh_non_gsm, normalise_broadcast_text

LONGEST_GSM = 1395
LONGEST_WELSH = 615
LONGEST_REFERENCE = 255


def accepted_content(text: str, *, called: str) -> str:
    """``text`` normalised, as it is stored, counted and sent.

    :param called: how whoever sent it knows it: ``Content`` (internal) or ``description`` (CAP).
    :raises InvalidValue: it is empty or too long.
    """
    content = normalise_broadcast_text(text)
    if not content:
        raise InvalidValue(f"{called} is empty")
    limit, because = (
        (LONGEST_WELSH, " (because it could not be GSM7 encoded)") if has_welsh_non_gsm(content) else (LONGEST_GSM, "")
    )
    if gsm_length(content) > limit:
        raise InvalidValue(f"{called} must be {limit:,} characters or fewer{because}")
    return content


def check_reference(reference: str | None, *, called: str = "reference") -> None:
    """:raises InvalidValue: it is longer than can be kept."""
    if reference is not None and len(reference) > LONGEST_REFERENCE:
        raise InvalidValue(f"{called} must be {LONGEST_REFERENCE} characters or fewer")
