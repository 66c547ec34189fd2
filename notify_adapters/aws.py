"""The only maker of AWS clients: time-outs on every call, and no tries but those asked for."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import Any, Generic, TypeVar

from boto3.session import Session
from botocore import session as botocore_session
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from notify_adapters.options import BadOption, seconds

_Client = TypeVar("_Client")
# What botocore calls them.
_DESCRIPTIONS = "data_loader"

OPTIONS: Mapping[str, str] = {
    "region": "the AWS region (eu-west-2)",
    "access_key_id": "credentials of its own; without them boto3's usual places are searched",
    "secret_access_key": "belongs to access_key_id (secret)",
    "connect_timeout": "seconds until a connection must stand (3)",
    "read_timeout": "seconds to wait for an answer (10)",
}


@dataclass(frozen=True, slots=True)
class AwsSettings:
    """Where and as whom to call, with time-outs in seconds. ``attempts`` is how often a request is made
    before its failure is ours: more than once only where it may be repeated.

    Endpoints other than Amazon's are named by the standard variables (``AWS_ENDPOINT_URL_LAMBDA`` and
    the like), which boto3 reads itself.
    """

    region: str
    access_key_id: str | None
    secret_access_key: str | None = field(repr=False)
    connect_timeout: float
    read_timeout: float
    attempts: int = 1


def settings(
    options: Mapping[str, str],
    *,
    region: str = "eu-west-2",
    connect_timeout: float = 3,
    read_timeout: float = 10,
    attempts: int = 1,
) -> AwsSettings:
    """The settings from an adapter's options (``OPTIONS``), these being the defaults.

    :raises BadOption: a time-out is not a number of seconds.
    """
    return AwsSettings(
        region=options.get("region", "").strip() or region,
        access_key_id=options.get("access_key_id") or None,
        secret_access_key=options.get("secret_access_key") or None,
        connect_timeout=seconds(options, "connect_timeout", connect_timeout),
        read_timeout=seconds(options, "read_timeout", read_timeout),
        attempts=attempts,
    )


def require_credentials(to: AwsSettings) -> None:
    """Look for them, so that the start shows what else the first call would.

    :raises BadOption: there are none.
    """
    try:
        found = _session(to).get_credentials()
    except BotoCoreError as error:
        raise BadOption(f"the AWS credentials are not whole: {error}") from error
    if found is None:
        raise BadOption(
            "there are no AWS credentials: neither the options access_key_id and secret_access_key, nor "
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, nor a role of this machine"
        )


def make_client(service: str, to: AwsSettings, *, also: Config | None = None) -> Any:
    """A client of a session of its own: making clients from a shared session is not thread-safe, using one is.
    ``also`` is what only this service's clients are told."""
    config = Config(
        connect_timeout=to.connect_timeout,
        read_timeout=to.read_timeout,
        retries={"total_max_attempts": to.attempts, "mode": "standard"},
        max_pool_connections=50,
    )
    if also is not None:
        config = config.merge(also)
    return _session(to).client(service, config=config)  # type: ignore[call-overload] # the stubs want the name literally


def _session(to: AwsSettings) -> Session:
    return Session(
        region_name=to.region,
        aws_access_key_id=to.access_key_id,
        aws_secret_access_key=to.secret_access_key,
        botocore_session=_core(),
    )


def _core() -> botocore_session.Session:
    """Every client has one, and all share the descriptions of the services, which are large and only read: ten
    megabytes for each client otherwise."""
    core = botocore_session.get_session()
    core.register_component(_DESCRIPTIONS, _descriptions())
    return core


@cache
def _descriptions() -> Any:
    return botocore_session.get_session().get_component(_DESCRIPTIONS)


class LazyClient(Generic[_Client]):
    """Made at the first use in each process: a client must not cross a fork."""

    def __init__(self, make: Callable[[], _Client]) -> None:
        self._make = make
        self._made: tuple[int, _Client] | None = None
        self._lock = Lock()

    def __call__(self) -> _Client:
        made = self._made
        if made is not None and made[0] == os.getpid():
            return made[1]
        with self._lock:
            if self._made is None or self._made[0] != os.getpid():
                self._made = os.getpid(), self._make()
            return self._made[1]
