"""Every metric there is, as data: what dashboards, exporters and the page of metrics are held to."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

_PART = re.compile(r"\{(\w+)\}")

# The upper bounds, in seconds, by which histograms of timings are kept: from an answer of a database to a
# receipt that takes a day.
BUCKETS: tuple[float, ...] = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200, 86400)


class Kind(StrEnum):
    COUNTER = "counter"
    TIMING = "timing"
    GAUGE = "gauge"


@dataclass(frozen=True)
class MetricName:
    """``name`` is what the code tells, each ``{part}`` of it one word without a dot. ``series`` is what Prometheus
    calls it, where the parts are labels; ``labels`` are further ones, which tell apart names with one series."""

    name: str
    kind: Kind
    series: str
    says: str
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(_PART.findall(self.name))

    @property
    def label_names(self) -> tuple[str, ...]:
        return (*self.parts, *self.labels)

    def labels_of(self, name: str) -> Mapping[str, str] | None:
        """The labels that ``name`` has in the series; None: it is another metric."""
        found = re.fullmatch(_PART.sub(r"(?P<\1>[^.]+)", self.name.replace(".", r"\.")), name)
        return None if found is None else {**found.groupdict(), **self.labels}


def find(name: str, kind: Kind) -> tuple[MetricName, Mapping[str, str]] | None:
    """The metric with this name, and its labels; None: a stranger's."""
    for metric in METRICS:
        labels = metric.labels_of(name) if metric.kind is kind else None
        if labels is not None:
            return metric, labels
    return None


def _broadcasts() -> Iterable[MetricName]:
    network = "broadcast.{provider}"
    yield MetricName(
        f"{network}.integrity-error",
        Kind.COUNTER,
        "notify_broadcast_integrity_errors_total",
        "instructions to a network that an operator has to look at",
    )
    for verdict in ("duplicate", "nothing-to-cancel"):
        yield MetricName(
            f"{network}.{verdict}",
            Kind.COUNTER,
            "notify_broadcast_nothing_to_do_total",
            "work that found nothing to tell the network",
            {"verdict": verdict},
        )
    for assumption in ("sent", "not-sent"):
        yield MetricName(
            f"{network}.assumed-{assumption}",
            Kind.COUNTER,
            "notify_broadcast_assumed_total",
            "what operators took for true of a network",
            {"assumption": assumption},
        )
    for outcome in ("acknowledged", "failed"):
        yield MetricName(
            f"{network}.{{route}}.link-test-{outcome}",
            Kind.COUNTER,
            "notify_broadcast_link_tests_total",
            "tests of the way to a network, by route",
            {"outcome": outcome},
        )
    yield MetricName(
        f"{network}.{{route}}.{{outcome}}",
        Kind.COUNTER,
        "notify_broadcast_calls_total",
        "instructions handed to a network, by route: acknowledged or failed",
    )


# Of names that one text could be, the first is meant.
METRICS: tuple[MetricName, ...] = (
    MetricName(
        "celery.{queue}.{task}.success",
        Kind.TIMING,
        "notify_task_duration_seconds",
        "how long tasks took that succeeded",
    ),
    MetricName(
        "celery.{queue}.{task}.wait",
        Kind.TIMING,
        "notify_task_wait_seconds",
        "from when a task was due to when it began",
    ),
    MetricName(
        "celery.{queue}.{task}.failure",
        Kind.COUNTER,
        "notify_task_failures_total",
        "tasks that ended as failed",
    ),
    MetricName(
        "celery.{queue}.{task}.retry",
        Kind.COUNTER,
        "notify_task_retries_total",
        "tasks that are tried again later",
    ),
    MetricName(
        "celery.{queue}.{task}.duplicate",
        Kind.COUNTER,
        "notify_task_duplicates_total",
        "messages for work that is done, or another worker's",
    ),
    MetricName("ledger.depth", Kind.GAUGE, "notify_ledger_depth", "unfinished rows of the task ledger"),
    MetricName(
        "ledger.lag",
        Kind.GAUGE,
        "notify_ledger_lag_seconds",
        "for how long the oldest row has been due that no broker has",
    ),
    MetricName(
        "ledger.broker-failure",
        Kind.COUNTER,
        "notify_ledger_broker_failures_total",
        "batches of rows that the broker did not take",
    ),
    MetricName(
        "{channel}.total-time",
        Kind.TIMING,
        "notify_delivery_seconds",
        "from when a message was accepted, or scheduled for, to when a supplier had it",
    ),
    MetricName(
        "{channel}.{key}.total-time",
        Kind.TIMING,
        "notify_delivery_by_key_seconds",
        "the same for test-key and live-key",
    ),
    MetricName(
        "clients.{provider}.request-time",
        Kind.TIMING,
        "notify_supplier_request_seconds",
        "how long a supplier took to answer, whatever it answered",
    ),
    *(
        MetricName(
            f"clients.{{provider}}.{outcome}",
            Kind.COUNTER,
            "notify_supplier_requests_total",
            "messages handed to a supplier: taken (success) or not (error)",
            {"outcome": outcome},
        )
        for outcome in ("success", "error")
    ),
    MetricName(
        "callback.{provider}.elapsed-time",
        Kind.TIMING,
        "notify_receipt_elapsed_seconds",
        "from when a supplier took a message to its receipt",
    ),
    MetricName(
        "callback.{provider}.{status}",
        Kind.COUNTER,
        "notify_receipts_total",
        "messages that a receipt moved to a status",
    ),
    MetricName(
        "complaint.{provider}.unknown-message",
        Kind.COUNTER,
        "notify_complaints_unknown_message_total",
        "complaints about messages that nobody knows",
    ),
    MetricName("complaint.{provider}", Kind.COUNTER, "notify_complaints_total", "complaints about messages"),
    MetricName(
        "inbound.{provider}.{outcome}",
        Kind.COUNTER,
        "notify_inbound_texts_total",
        "texts that a supplier brought: what became of them",
    ),
    MetricName("letters.print-run.sent", Kind.COUNTER, "notify_letters_printed_total", "letters handed to the printer"),
    MetricName(
        "letters.print-run.missing-pdf",
        Kind.COUNTER,
        "notify_letters_missing_pdf_total",
        "letters that a print run left out because their PDF was not there",
    ),
    MetricName(
        "letters.{at}.missing-pdf",
        Kind.COUNTER,
        "notify_letters_lost_pdf_total",
        "letters whose PDF was not there at its download, or when it was to be deleted (retention)",
    ),
    *_broadcasts(),
)
