"""How Celery is set up: the same for the adapter that publishes and for the workers that consume."""

from collections.abc import Mapping
from typing import Any

from kombu import Queue as BrokerQueue

from notify_adapters.options import BadOption, known, required
from notify_core.kernel.queues import ALL_QUEUES, PERIODIC

OPTIONS: Mapping[str, str] = {
    "broker_url": "redis://…, amqp://… or sqs://… (required)",
    "prefix": "before the name of every queue (none)",
    "region": "the AWS region of sqs:// (eu-west-1)",
    "relay": "worker: each worker hands due tasks over; none: only `notify relay` does (worker)",
}

RELAY_IN_WORKER, NO_RELAY = "worker", "none"

# Longer than any execution (240 s) and its margin, so that a broker without acknowledgements of its
# own does not give a message to a second worker while the first is at it.
VISIBILITY_TIMEOUT = 310
# Redis gives back what a dead worker had fetched only after such a time. The ledger drops what comes twice,
# so it may be shorter than an execution. Looked for that often, in seconds.
REDIS_VISIBILITY_TIMEOUT, REDIS_SWEEP = 60, 10
# Ends an execution that hangs; its row comes again when its lease has run out.
HARD_LIMIT = 270
# Seconds that SQS holds a question for messages open, well below the time that an answer may take. So long, too, a
# message that was given back stays hidden.
SQS_WAIT = 5
# Seconds that connecting, and a publisher's confirmation, may take.
CONNECT_TIMEOUT = 4
ANSWER_TIMEOUT = 10

_REDIS, _AMQP, _SQS = frozenset({"redis", "rediss"}), frozenset({"amqp", "amqps"}), frozenset({"sqs"})


def queue_prefix(options: Mapping[str, str]) -> str:
    """What stands before every queue's name in the broker."""
    return options.get("prefix", "").strip()


def relay_in_worker(options: Mapping[str, str]) -> bool:
    """Whether workers hand over due tasks.

    :raises BadOption: ``relay`` is neither ``worker`` nor ``none``.
    """
    wanted = options.get("relay", "").strip() or RELAY_IN_WORKER
    if wanted not in {RELAY_IN_WORKER, NO_RELAY}:
        raise BadOption(f"option relay must be {RELAY_IN_WORKER} or {NO_RELAY}, not {wanted!r}")
    return wanted == RELAY_IN_WORKER


def broker_scheme(options: Mapping[str, str]) -> str:
    """``redis``, ``amqp``, ``sqs`` … :raises BadOption: there is no broker, or one we don't speak to."""
    scheme = required(options, "broker_url").partition("://")[0]
    if scheme not in _REDIS | _AMQP | _SQS:
        # Without the address, which may hold a password.
        raise BadOption("option broker_url must begin with redis://, rediss://, amqp://, amqps:// or sqs://")
    return scheme


def configuration(options: Mapping[str, str]) -> dict[str, Any]:
    """Celery's own settings.

    :raises BadOption: an option is missing, unknown or not what it must be.
    """
    known(options, *OPTIONS)
    relay_in_worker(options)
    scheme, prefix = broker_scheme(options), queue_prefix(options)
    return {
        "broker_url": required(options, "broker_url"),
        "broker_connection_timeout": CONNECT_TIMEOUT,
        "broker_connection_retry_on_startup": True,
        "broker_transport_options": _transport_options(scheme, options),
        # The ledger makes repeats harmless and losses a delay, so a message goes when its work is done.
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        # Other brokers' workers keep what they have begun; its acknowledgement fails, which costs a repeat.
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        # What a process has fetched beyond its work in hand no other can take: it would wait behind a slow
        # supplier, its lease would run out, and it would come a second time.
        "worker_prefetch_multiplier": 1,
        "task_time_limit": HARD_LIMIT,
        "enable_utc": True,
        "timezone": "UTC",
        "accept_content": ["json"],
        "task_serializer": "json",
        "event_serializer": "json",
        # Results are in the database.
        "task_ignore_result": True,
        "result_backend": None,
        "task_default_queue": prefix + PERIODIC,
        "task_queues": _queues(prefix, quorum=scheme in _AMQP),
        # A queue that nobody knows would be one that nobody empties.
        "task_create_missing_queues": False,
        "task_default_queue_type": "quorum" if scheme in _AMQP else "classic",
        # Its queues would be without the prefix: what one deployment's workers are told, all would hear that share a
        # broker. The ledger says who is at what.
        "worker_enable_remote_control": False,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        # A process connects to nothing before it is ready; on a busy machine the usual 4 s are too few.
        "worker_proc_alive_timeout": 30.0,
    }


def _queues(prefix: str, *, quorum: bool) -> list[BrokerQueue]:
    """Workers may name them without the prefix (``-Q send-sms-tasks``): the same in every deployment."""
    arguments = {"x-queue-type": "quorum"} if quorum else None
    return [
        BrokerQueue(prefix + name, routing_key=prefix + name, alias=name if prefix else None, queue_arguments=arguments)
        for name in ALL_QUEUES
    ]


def _transport_options(scheme: str, options: Mapping[str, str]) -> dict[str, Any]:
    if scheme in _AMQP:
        return {"confirm_publish": True}
    if scheme in _SQS:
        return {
            "region": options.get("region", "").strip() or "eu-west-1",
            "visibility_timeout": VISIBILITY_TIMEOUT,
            "wait_time_seconds": SQS_WAIT,
            "polling_interval": 1,
            # Boto's own would be a minute each, and several tries.
            "client-config": {
                "connect_timeout": CONNECT_TIMEOUT,
                "read_timeout": ANSWER_TIMEOUT,
                "retries": {"total_max_attempts": 1, "mode": "standard"},
            },
        }
    prefix = queue_prefix(options)
    return {
        "visibility_timeout": REDIS_VISIBILITY_TIMEOUT,
        "unacked_restore_interval": REDIS_SWEEP,
        "unacked_restore_throttle": 1,
        "unacked_restore_limit": 100,
        # Who dies while looking keeps the others from it for so long.
        "unacked_mutex_expire": REDIS_SWEEP,
        # Our own: another application on the same server may mean another time by "abandoned".
        **{f"{key}_key": f"{prefix}notify-{key}" for key in ("unacked", "unacked_index", "unacked_mutex")},
        "socket_connect_timeout": CONNECT_TIMEOUT,
        "socket_timeout": ANSWER_TIMEOUT,
        "socket_keepalive": True,
    }
