"""What a row of a letter job becomes. The rules are those of the API, without a key."""

from collections.abc import Sequence
from typing import Final

from notify_core.accounts.model import KeyType
from notify_core.jobs.model import RowError
from notify_core.jobs.policies.messages import Problems, Setting
from notify_core.kernel.errors import InvalidValue
from notify_core.letters.model import Letter
from notify_core.letters.policies import postage_to
from notify_core.letters.policies.acceptance import address_in, postage_of
from notify_core.templates.model import Personalisation

ADDRESS: Final = "address"

_CHARACTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_LENGTH: Final = 16


def letter_of(setting: Setting, row: int, cells: Sequence[str]) -> Letter | Problems:
    """The letter that this row becomes."""
    written, problems = setting.columns.values_in(row, cells)
    values = {key: value for key, value in written.items() if value}
    try:
        address = address_in(Personalisation(values), setting.service)
    except InvalidValue as error:
        return [RowError(row, ADDRESS, str(error)), *problems]
    if problems:
        return problems
    job = setting.job
    letter_id = job.notification_id(row)
    return Letter(
        id=letter_id,
        service_id=job.service_id,
        template_id=job.template_id,
        template_version=job.template_version,
        file_reference=_file_reference(letter_id.int),
        to=str(address),
        key_type=KeyType.NORMAL,
        created_at=setting.now,
        postage=postage_to(address, postage_of(setting.template)),
        international=address.international,
        personalisation=values,
        job_id=job.id,
        job_row=row,
    )


def _file_reference(number: int) -> str:
    """The same for a letter whenever its row is done. Source of the form: letters.md, section 1."""
    digits = []
    for _ in range(_LENGTH):
        number, digit = divmod(number, len(_CHARACTERS))
        digits.append(_CHARACTERS[digit])
    return "".join(digits)
