from datetime import timedelta

import pytest

from notify_core.kernel.errors import NotFound, TransientError
from notify_core.letters.model import Printed, Volume
from notify_core.letters.use_cases.printing import ListPrintRuns, ShowPrintRun
from tests.unit.core.letters.printing.house import DEADLINE, EVENING


def test_runs_are_listed_with_what_is_in_their_zips(house):
    house.letter(sheets=2)
    house.letter(sheets=3)
    house.collate()
    house.at(EVENING + timedelta(days=1))
    house.printer.fail_with(TransientError("away"))
    house.letter(created_at=DEADLINE + timedelta(hours=1))
    house.collate()

    todays, yesterdays = house.notify.use(ListPrintRuns)(limit=10)

    assert (yesterdays.run.deadline, yesterdays.printed) == (DEADLINE, Printed(1, 1, Volume(2, 5)))
    assert (todays.run.deadline, todays.printed) == (DEADLINE + timedelta(days=1), Printed(1, 0, Volume(1, 1)))
    assert len(house.notify.use(ListPrintRuns)(limit=1)) == 1


def test_a_run_is_shown_by_its_day_and_a_zip_by_its_name(house):
    house.letter()
    house.collate()
    show = house.notify.use(ShowPrintRun)
    run = show("2026-01-05")
    assert list(run.groups) == house.groups()
    assert show(run.groups[0].zip_name) == run
    assert show("2026-01-05T17:30:00Z") == run


@pytest.mark.parametrize("name", ["2026-01-04", "yesterday", "NOTIFY.nothing.ZIP", ""])
def test_what_there_is_not_is_not_shown(house, name):
    with pytest.raises(NotFound):
        house.notify.use(ShowPrintRun)(name)
