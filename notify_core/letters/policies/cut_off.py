"""Until when a letter goes with a day's print run. Source: letters.md, sections 5 and 6.

A run takes the letters created *before* its deadline, so one created at 17:30:00 exactly goes with the next day's.
"""

from datetime import UTC, date, datetime, timedelta

from notify_core.kernel.calendar import LONDON, to_london
from notify_core.letters.policies.naming import CUT_OFF


def deadline_of(day: date) -> datetime:
    """The instant (UTC) at which a day's print run closes: 17:30 London."""
    return datetime.combine(day, CUT_OFF, tzinfo=LONDON).astimezone(UTC)


def print_deadline(now: datetime) -> datetime:
    """The deadline (UTC) of a run that happens at ``now``: today's, yesterday's while it is not yet 17:30."""
    london = to_london(now)
    return deadline_of(london.date() - timedelta(days=london.time() < CUT_OFF))


def cut_off(created_at: datetime) -> datetime:
    """The deadline (UTC) of the first run that takes a letter; until then, that instant included, it may be
    cancelled."""
    london = to_london(created_at)
    return deadline_of(london.date() + timedelta(days=london.time() >= CUT_OFF))
