"""How long a letter may be where it is before people are told. Source: letters.md, sections 6 and 7."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from notify_core.kernel.calendar import LONDON, london_date, london_midnight
from notify_core.letters.policies.cut_off import deadline_of

# A scan takes seconds.
LONGEST_CHECK: Final = timedelta(minutes=90)

# When acknowledgements are looked for.
_LOOKED_AT: Final = time(23)
# A printer that was away for longer has people at work on it.
_LATEST: Final = 7

_MONDAY, _TUESDAY, _SATURDAY = 0, 1, 5
_ACKNOWLEDGED = ".ACK.TXT"


def overdue_in_check(now: datetime) -> datetime:
    """What was created before this moment and still waits for the virus scan has waited too long."""
    return now - LONGEST_CHECK


def overdue_in_created(now: datetime) -> datetime:
    """What was created before this moment should have gone with yesterday's print run."""
    return deadline_of(london_date(now) - timedelta(days=1))


def overdue_in_sending(now: datetime) -> datetime | None:
    """What was sent before this moment should have been answered by now: what was sent two days ago or earlier, as
    London counts days, and four on a Monday or Tuesday, behind whose back lies a weekend. None: nobody is told today,
    at the weekend."""
    today = london_date(now)
    if today.weekday() >= _SATURDAY:
        return None
    days = 4 if today.weekday() in {_MONDAY, _TUESDAY} else 2
    return london_midnight(today - timedelta(days=days - 1))


def sent_for(day: date) -> tuple[datetime, list[date]]:
    """Since when a zip was sent whose acknowledgement is looked for on the evening of ``day``, the moment of the look
    of the day before; and of which days such zips may be, as a printer that was away gets them late."""
    before = datetime.combine(day - timedelta(days=1), _LOOKED_AT, tzinfo=LONDON).astimezone(UTC)
    return before, [day - timedelta(days=back) for back in range(_LATEST, -1, -1)]


def named_after(day: date) -> str:
    """What comes before the names of the acknowledgements of all zips of ``day`` and of later ones."""
    return f"NOTIFY.{day.isoformat()}"


def zip_of_marker(key: str) -> str:
    """The zip that a marker of sending, ``2026-01-05/zips_sent/{zip}.TXT``, speaks of; in upper case."""
    return key.rpartition("/")[2].upper().removesuffix(".TXT")


def unacknowledged(zips: Iterable[str], keys: Iterable[str]) -> list[str]:
    """Those of ``zips``, in their order, for which no file among ``keys`` is an acknowledgement: ``X.ACK.TXT`` for
    ``X.ZIP``. Upper and lower case are the same, as the printer's names are not always in the case of ours."""
    names = (key.rpartition("/")[2].upper() for key in keys)
    known = {name.removesuffix(_ACKNOWLEDGED).removesuffix(".ZIP") for name in names if name.endswith(_ACKNOWLEDGED)}
    return [one for one in zips if one.upper().removesuffix(".ZIP") not in known]
