"""Letters that the post brought back."""

from notify_entrypoints.http.schemas.parts import MOMENT, TEXT, UUID, WHOLE, a_list, an_object, answered, described

_REFERENCE = described({**TEXT, "pattern": "^[A-Za-z0-9._-]{1,64}$"}, "What the printer knows a letter by.")

REPORT_RETURNED = an_object(
    {"references": a_list(_REFERENCE, minItems=1, maxItems=100_000)}, ["references"], title="ReturnedReferences"
)
RETURNED_TAKEN = answered({"count": WHOLE}, title="ReturnedReferencesTaken")

_RETURNED = answered({"notification_id": UUID, "reported_at": MOMENT}, title="ReturnedLetter")
RETURNED_LETTERS = answered({"returned_letters": a_list(_RETURNED, maxItems=1000)}, title="ReturnedLetters")
