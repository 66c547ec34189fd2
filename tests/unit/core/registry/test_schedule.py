from dataclasses import MISSING, fields
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.kernel.calendar import london_date, to_london
from notify_core.ports.heartbeats import Beat
from notify_core.registry.schedule import MONDAY_TO_FRIDAY, SCHEDULE, SCHEDULED, at, every_minutes
from notify_core.registry.tasks import REGISTRY

dates = st.dates(date(2020, 1, 10), date(2035, 12, 1))
instants = st.builds(lambda date, time: datetime.combine(date, time, UTC), dates, st.times())
minutes = st.sampled_from([1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60])
times = st.times().map(lambda time: f"{time:%H:%M}")
weekdays = st.frozensets(st.integers(0, 6), min_size=1)
rules = st.one_of(
    st.builds(every_minutes, minutes),
    st.builds(lambda times, days: at(*times, weekdays=days), st.lists(times, min_size=1, max_size=3), weekdays),
)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@given(rules, instants)
def test_the_latest_due_time_is_not_in_the_future_and_is_its_own_latest(when, now):
    due = when.latest(now)
    assert due <= now
    assert due.tzinfo is UTC
    assert when.latest(due) == due


@given(rules, instants, st.timedeltas(timedelta(), timedelta(days=10)))
def test_due_times_never_run_backwards(when, now, later):
    assert when.latest(now) <= when.latest(now + later)


@given(rules, instants)
def test_nothing_is_due_between_the_latest_due_time_and_now(when, now):
    due = when.latest(now)
    middle = due + (now - due) / 2
    assert when.latest(middle) == due


@given(minutes, instants)
def test_minutes_count_on_london_clocks(every, now):
    due = every_minutes(every).latest(now)
    assert now - due < timedelta(minutes=every)
    assert to_london(due).minute % every == 0


@given(times, weekdays, dates)
def test_a_time_of_day_comes_exactly_once_on_each_of_its_days(text, days, first):
    """Also on the days when clocks change."""
    when = at(text, weekdays=days)
    now = datetime(first.year, first.month, first.day, tzinfo=UTC)
    found = set()
    for hour in range(24 * 15):
        found.add(when.latest(now + timedelta(hours=hour)))
    runs = sorted(london_date(due) for due in found)
    assert len(runs) == len(set(runs))
    # From the first one found to the last, no day of the rule is left out.
    span = {runs[0] + timedelta(days=n) for n in range((runs[-1] - runs[0]).days + 1)}
    assert set(runs) == {day for day in span if day.weekday() in days}


@pytest.mark.parametrize(
    ("rule", "now", "due"),
    [
        (at("00:05"), "2026-01-05 12:00", "2026-01-05 00:05"),
        (at("00:05"), "2026-01-05 00:04:59", "2026-01-04 00:05"),
        # In summer London is an hour ahead.
        (at("17:50"), "2026-07-01 16:50", "2026-07-01 16:50"),
        (at("00:05"), "2026-07-01 12:00", "2026-06-30 23:05"),
        # 29 March 2026: clocks go from 01:00 to 02:00; 01:40 does not exist.
        (at("01:40"), "2026-03-29 23:00", "2026-03-29 01:40"),
        # 25 October 2026: clocks go from 02:00 back to 01:00; 01:40 comes twice, the first counts.
        (at("01:40"), "2026-10-25 00:40", "2026-10-25 00:40"),
        (at("01:40"), "2026-10-25 01:45", "2026-10-25 00:40"),
        # Saturday 10 January: the last working day was Friday.
        (at("09:00", "15:00", weekdays=MONDAY_TO_FRIDAY), "2026-01-10 12:00", "2026-01-09 15:00"),
        (at("09:00", "15:00", weekdays=MONDAY_TO_FRIDAY), "2026-01-09 14:59", "2026-01-09 09:00"),
        (every_minutes(15), "2026-01-05 12:44:59.9", "2026-01-05 12:30"),
    ],
)
def test_due_times(rule, now, due):
    assert rule.latest(utc(now)) == utc(due)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (every_minutes(1), "every minute"),
        (every_minutes(15), "every 15 minutes"),
        (at("00:05"), "00:05"),
        (at("09:00", "15:00", weekdays=MONDAY_TO_FRIDAY), "Mon Tue Wed Thu Fri 09:00, 15:00"),
    ],
)
def test_rules_can_be_shown(rule, text):
    assert str(rule) == text


@pytest.mark.parametrize("every", [0, 7, 61])
def test_minutes_must_divide_the_hour(every):
    with pytest.raises(ValueError, match="hour"):
        every_minutes(every)


@pytest.mark.parametrize(("times", "days"), [((), {0}), (("09:00",), ()), (("09:00",), {7})])
def test_a_time_of_day_needs_times_and_days(times, days):
    with pytest.raises(ValueError, match="weekdays"):
        at(*times, weekdays=days)


def test_each_entry_has_a_name_of_its_own():
    assert len(SCHEDULED) == len(SCHEDULE)


def test_heartbeats_are_those_of_the_schedule(world):
    """Whatever task there is runs once; it beats if it is in the schedule, by its name there."""
    world.scheduled = SCHEDULED
    world.handlers |= dict.fromkeys(REGISTRY, lambda task, claim: None)
    for entry in SCHEDULE:
        world.enqueue(entry.task)
        world.execute()
    others = [kind for kind in REGISTRY if kind.name not in SCHEDULED]
    for kind in others:
        world.enqueue(kind(**{field.name: field.name for field in fields(kind) if field.default is MISSING}))
        world.execute()
    assert world.heartbeats.beats == [(entry.name, beat) for entry in SCHEDULE for beat in (Beat.RUN, Beat.COMPLETE)]


def test_each_entry_is_a_task_that_somebody_does():
    assert {type(entry.task) for entry in SCHEDULE} <= REGISTRY.keys()


def test_the_schedule_is_the_documented_one():
    assert {entry.name: entry.when for entry in SCHEDULE} == {
        "complete-expired-broadcasts": every_minutes(1),
        "delete-expired-documents": at("03:30"),
        "delete-callback-attempts": at("03:40"),
        "forget-idempotency-keys": every_minutes(60),
        "replay-created-notifications": every_minutes(15),
        "timeout-sending-notifications": at("00:05"),
        "delete-inbound-sms": at("01:40"),
        "save-daily-notification-processing-time": at("02:00"),
        "delete-notifications-older-than-retention": at("03:00"),
        "check-for-services-with-high-failure-rates-or-sending-to-tv-numbers": at("10:30", weekdays=MONDAY_TO_FRIDAY),
        "switch-current-sms-provider-on-slow-delivery": every_minutes(1),
        "tend-providers-back-to-middle": every_minutes(5),
        "trigger-link-tests": every_minutes(15),
        "look-for-letter-response-files": every_minutes(15),
        "check-if-letters-still-in-created": at("09:00", weekdays=MONDAY_TO_FRIDAY),
        "check-if-letters-still-pending-virus-check": at("09:00", "15:00", weekdays=MONDAY_TO_FRIDAY),
        "raise-alert-if-letter-notifications-still-sending": at("15:30"),
        "raise-alert-if-no-letter-ack-file": at("23:00"),
        "run-scheduled-jobs": every_minutes(15),
        "check-job-status": every_minutes(1),
        "check-for-missing-rows-in-completed-jobs": every_minutes(10),
        "remove_sms_email_jobs": at("04:00"),
        "remove_letter_jobs": at("04:20"),
        "collate-letter-pdfs-to-be-sent": at("17:50"),
    }
