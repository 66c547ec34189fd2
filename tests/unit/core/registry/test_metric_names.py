import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.registry.metric_names import METRICS, Kind, find

words = st.from_regex(r"[a-z][a-z0-9_-]{0,20}", fullmatch=True)


@pytest.mark.parametrize(
    ("name", "kind", "series", "labels"),
    [
        (
            "celery.retry-tasks.deliver_sms.success",
            Kind.TIMING,
            "notify_task_duration_seconds",
            {"queue": "retry-tasks", "task": "deliver_sms"},
        ),
        ("ledger.lag", Kind.GAUGE, "notify_ledger_lag_seconds", {}),
        ("sms.total-time", Kind.TIMING, "notify_delivery_seconds", {"channel": "sms"}),
        (
            "email.test-key.total-time",
            Kind.TIMING,
            "notify_delivery_by_key_seconds",
            {"channel": "email", "key": "test-key"},
        ),
        (
            "clients.ses.error",
            Kind.COUNTER,
            "notify_supplier_requests_total",
            {"provider": "ses", "outcome": "error"},
        ),
        (
            "callback.mmg.permanent-failure",
            Kind.COUNTER,
            "notify_receipts_total",
            {"provider": "mmg", "status": "permanent-failure"},
        ),
        ("callback.mmg.elapsed-time", Kind.TIMING, "notify_receipt_elapsed_seconds", {"provider": "mmg"}),
        ("complaint.ses", Kind.COUNTER, "notify_complaints_total", {"provider": "ses"}),
        ("broadcast.ee.integrity-error", Kind.COUNTER, "notify_broadcast_integrity_errors_total", {"provider": "ee"}),
        (
            "broadcast.ee.assumed-not-sent",
            Kind.COUNTER,
            "notify_broadcast_assumed_total",
            {"provider": "ee", "assumption": "not-sent"},
        ),
        (
            "broadcast.ee.second.link-test-failed",
            Kind.COUNTER,
            "notify_broadcast_link_tests_total",
            {"provider": "ee", "route": "second", "outcome": "failed"},
        ),
        (
            "broadcast.ee.first.failed",
            Kind.COUNTER,
            "notify_broadcast_calls_total",
            {"provider": "ee", "route": "first", "outcome": "failed"},
        ),
    ],
)
def test_a_name_is_a_series_with_labels(name, kind, series, labels):
    metric, found = find(name, kind)
    assert (metric.series, found) == (series, labels)
    assert set(metric.label_names) == labels.keys()


@pytest.mark.parametrize("name", ["a.b", "ledger.lags", "xledger.lag", "celery.deliver_sms.success", ""])
@pytest.mark.parametrize("kind", Kind)
def test_what_is_not_ours_is_not_found(name, kind):
    assert find(name, kind) is None


def test_a_kind_that_the_metric_has_not_is_not_found():
    assert find("ledger.lag", Kind.COUNTER) is None


@given(st.sampled_from(METRICS), st.data())
def test_each_metric_is_found_by_its_own_name(metric, data):
    values = {part: data.draw(words, label=part) for part in metric.parts}
    found, labels = find(metric.name.format_map(values), metric.kind)
    # A word of the parts may make it one that is meant before.
    assert found is metric or METRICS.index(found) < METRICS.index(metric)
    if found is metric:
        assert labels == {**values, **metric.labels}


def test_series_are_named_as_prometheus_users_expect():
    endings = {Kind.COUNTER: "_total", Kind.TIMING: "_seconds", Kind.GAUGE: ""}
    for metric in METRICS:
        assert re.fullmatch(r"notify_[a-z_]+", metric.series)
        assert metric.series.endswith(endings[metric.kind])


def test_all_that_share_a_series_are_of_one_kind_and_have_the_same_labels():
    shapes = {}
    for metric in METRICS:
        shape = (metric.kind, metric.says, frozenset(metric.label_names))
        assert shapes.setdefault(metric.series, shape) == shape


def test_no_label_is_one_that_prometheus_adds_itself():
    assert not {"job", "instance", "le"} & {label for metric in METRICS for label in metric.label_names}
