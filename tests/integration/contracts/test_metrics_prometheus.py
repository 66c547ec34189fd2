import os
from multiprocessing import get_context

import pytest
from prometheus_client.parser import text_string_to_metric_families

from notify_adapters.metrics.figure_files import COUNTER, GAUGE, HISTOGRAM
from notify_adapters.metrics.prometheus import build
from notify_adapters.options import BadOption
from notify_core.registry.metric_names import METRICS, Kind, find
from notify_core.testing.contracts.metrics import MetricsContract


@pytest.fixture
def options(tmp_path):
    return {"data_dir": str(tmp_path), "token": "word"}


def samples(metrics):
    """What Prometheus reads: {(sample, labels): value}."""
    text, content_type = metrics.exposition()
    assert content_type.startswith("text/plain; version=")
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def value(metrics, sample, **labels):
    return samples(metrics).get((sample, frozenset(labels.items())))


def in_a_child(work, *arguments):
    process = get_context("fork").Process(target=work, args=arguments)
    process.start()
    process.join(60)
    assert process.exitcode == 0


class TestPrometheus(MetricsContract):
    keeps_each_timing = False

    @pytest.fixture
    def metrics(self, options):
        return build(options)

    def recorded(self, metrics, kind, name):
        told = find(name, {"count": Kind.COUNTER, "timing": Kind.TIMING, "gauge": Kind.GAUGE}[kind])
        series, labels = (told[0].series, told[1]) if told else (f"notify_{name.replace('.', '_')}_total", {})
        endings = ("_count", "_sum") if kind == "timing" else ("",)
        return [value(metrics, series + ending, **labels) for ending in endings]


def test_each_of_our_metrics_is_a_series_with_its_labels(options):
    metrics = build(options)
    tell = {Kind.COUNTER: metrics.count, Kind.TIMING: metrics.timing, Kind.GAUGE: metrics.gauge}
    for metric in METRICS:
        tell[metric.kind](metric.name.replace("{", "").replace("}", ""), 2)
    text = metrics.exposition()[0].decode()
    for metric in METRICS:
        kind = "histogram" if metric.kind is Kind.TIMING else metric.kind
        assert f"# TYPE {metric.series} {kind}\n" in text
        assert f"# HELP {metric.series} {metric.says}\n" in text
        ending = "_count" if metric.kind is Kind.TIMING else ""
        labels = {**{part: part for part in metric.parts}, **metric.labels}
        assert value(metrics, metric.series + ending, **labels) == (1 if ending else 2)


def test_a_histogram_has_all_its_buckets_from_the_first_value_on(options):
    metrics = build(options)
    metrics.timing("sms.total-time", 0.3)
    metrics.timing("sms.total-time", 1e9)
    buckets = {
        dict(labels)["le"]: number
        for (name, labels), number in samples(metrics).items()
        if name == "notify_delivery_seconds_bucket"
    }
    assert len(buckets) == 18
    assert (buckets["0.25"], buckets["0.5"], buckets["86400.0"], buckets["+Inf"]) == (0, 1, 1, 2)


def test_names_of_strangers_are_served_too(options):
    metrics = build(options)
    metrics.count("my-app.Orders")
    metrics.timing("my-app.waiting", 2)
    metrics.gauge("my-app.open", 3)
    assert value(metrics, "notify_my_app_orders_total") == 1
    assert value(metrics, "notify_my_app_waiting_seconds_sum") == 2
    assert value(metrics, "notify_my_app_open") == 3


def test_all_processes_of_a_folder_count_together(options):
    metrics = build(options)
    metrics.count("complaint.ses")
    metrics.timing("sms.total-time", 1)

    def another():
        other = build(options)
        other.count("complaint.ses", 2)
        other.timing("sms.total-time", 2)
        other.gauge("ledger.depth", 7)

    in_a_child(another)
    assert value(metrics, "notify_complaints_total", provider="ses") == 3
    assert value(metrics, "notify_delivery_seconds_sum", channel="sms") == 3
    assert value(metrics, "notify_ledger_depth") == 7


def test_a_gauge_is_what_any_process_said_last(options):
    metrics = build(options)
    in_a_child(lambda: build(options).gauge("ledger.depth", 7))
    assert value(metrics, "notify_ledger_depth") == 7
    metrics.gauge("ledger.depth", 0)
    assert value(metrics, "notify_ledger_depth") == 0


def test_a_child_of_a_process_that_has_begun_counts_for_itself(options):
    """As with gunicorn --preload."""
    metrics = build(options)
    metrics.count("complaint.ses")
    in_a_child(lambda: [metrics.count("complaint.ses") for _ in range(10)])
    metrics.count("complaint.ses")
    assert value(metrics, "notify_complaints_total", provider="ses") == 12


def test_counts_outlive_their_processes_and_files_do_not(options, tmp_path):
    def short_life():
        mine = build(options)
        mine.count("complaint.ses")
        mine.timing("sms.total-time", 1)
        mine.gauge("ledger.depth", 4)
        # Without a farewell.
        os._exit(0)

    for _ in range(5):
        in_a_child(short_life)
    metrics = build(options)
    assert value(metrics, "notify_complaints_total", provider="ses") == 5
    # This one takes over what the last of them left.
    metrics.count("complaint.ses")
    assert value(metrics, "notify_complaints_total", provider="ses") == 6
    assert value(metrics, "notify_delivery_seconds_count", channel="sms") == 5
    assert value(metrics, "notify_ledger_depth") == 4
    mine = {f"{kind}_{os.getpid()}-*.db" for kind in (COUNTER, GAUGE, HISTOGRAM)}
    ended = {f"{kind}_ended.db" for kind in (COUNTER, GAUGE, HISTOGRAM)}
    assert all(list((tmp_path / "metrics").glob(name)) for name in mine | ended)
    assert len(list((tmp_path / "metrics").glob("*.db"))) == 6


def test_what_is_told_after_closing_counts_on(options):
    metrics = build(options)
    metrics.count("complaint.ses")
    metrics.close()
    metrics.count("complaint.ses")
    assert value(metrics, "notify_complaints_total", provider="ses") == 2


def test_a_file_that_a_power_failure_left_half_written_harms_nobody(options, tmp_path):
    build(options)
    (tmp_path / "metrics" / "1-abc.lock").touch()
    (tmp_path / "metrics" / "counter_1-abc.db").write_bytes(b"\xff\xff\x00\x00broken")
    metrics = build(options)
    metrics.count("complaint.ses")
    assert value(metrics, "notify_complaints_total", provider="ses") == 1


def test_a_folder_that_cannot_be_written_breaks_nothing_and_is_said_once(options, tmp_path, caplog):
    metrics = build(options)
    (tmp_path / "metrics").rmdir()
    (tmp_path / "metrics").touch()
    for _ in range(3):
        metrics.count("complaint.ses")
        metrics.timing("sms.total-time", 1)
    assert caplog.text.count("figures for Prometheus are lost") == 1
    (tmp_path / "metrics").unlink()
    (tmp_path / "metrics").mkdir()
    metrics.count("complaint.ses")
    assert value(metrics, "notify_complaints_total", provider="ses") == 1


def test_the_token_is_not_shown(options):
    assert "word" not in repr(build(options))


@pytest.mark.parametrize("wrong", [{"token": ""}, {"port": "x"}, {"colour": "red"}])
def test_what_cannot_be_built(options, wrong):
    with pytest.raises(BadOption):
        build({**options, **wrong})
