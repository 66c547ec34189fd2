"""Mobile networks behind AWS Lambda functions, invoked synchronously."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from notify_adapters import aws
from notify_adapters.cbc.payloads import payload
from notify_adapters.cbc.preview import preview
from notify_adapters.cbc.profiles import OPTIONS_OF_ALL, Profiles, load_profiles
from notify_adapters.options import BadOption, known
from notify_core.broadcasts.model import Instruction, Route
from notify_core.broadcasts.ports import NetworkFailed, NetworkPreview, NetworkProfile, Networks
from notify_core.kernel.texts import storable
from notify_core.ports.task_ledger import LEASE

if TYPE_CHECKING:  # stubs, installed for development only
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_lambda.type_defs import InvocationResponseTypeDef

OPTIONS = {**OPTIONS_OF_ALL, **aws.OPTIONS}

_ACCEPTABLE = 299
_DETAIL_LENGTH = 500


class LambdaNetworks:
    """``require_keys`` looks for the keys that ``client`` will be made with, for whoever is going to send."""

    def __init__(
        self,
        client: "aws.LazyClient[LambdaClient]",
        profiles: Profiles,
        require_keys: Callable[[], None] = lambda: None,
    ) -> None:
        self._client = client
        self._profiles = profiles
        self.check_keys = require_keys

    def enabled(self) -> tuple[str, ...]:
        return self._profiles.enabled

    def profile(self, network: str) -> NetworkProfile:
        return self._profiles.profile(network)

    def is_connected(self, network: str) -> bool:
        self.profile(network)
        return True

    def send(self, network: str, route: Route, instruction: Instruction) -> None:
        profile = self.profile(network)
        function = profile.functions[route - 1]
        try:
            response = self._client().invoke(
                FunctionName=function,
                InvocationType="RequestResponse",
                Payload=json.dumps(payload(instruction, profile)).encode(),
            )
            fault = _fault(response)
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            raise _failed(function, f"HTTP {status}: {error}") from error
        except BotoCoreError as error:
            raise _failed(function, f"{type(error).__name__}: {error}") from error
        if fault is not None:
            raise _failed(function, fault)

    def preview(self, network: str, instruction: Instruction, at: datetime) -> NetworkPreview:
        return preview(instruction, self.profile(network), at)


def _failed(function: str, detail: str) -> NetworkFailed:
    # It goes into the history: what a proxy says must not keep a failure out of the database, and so the message
    # from being tried again.
    return NetworkFailed(storable(f"{function}: {detail}"))


def _fault(response: "InvocationResponseTypeDef") -> str | None:
    """What is wrong with an answer, or None for an acknowledgement."""
    # Read in any case: a connection with an answer left on it serves no further message.
    said = response["Payload"].read().decode(errors="replace")
    if response["StatusCode"] > _ACCEPTABLE:
        return f"StatusCode {response['StatusCode']}"
    if response.get("FunctionError") is not None:
        return f"FunctionError {response['FunctionError']}: {said[:_DETAIL_LENGTH]}"
    return None


def build(options: Mapping[str, str]) -> Networks:
    known(options, *OPTIONS)
    settings = aws.settings(options)
    if len(Route) * (settings.connect_timeout + settings.read_timeout) >= LEASE.total_seconds():
        raise BadOption(
            "the options connect_timeout and read_timeout of both routes together must be less than "
            f"{LEASE.total_seconds():g} seconds: so long is a task its worker's"
        )
    client: aws.LazyClient[LambdaClient] = aws.LazyClient(lambda: aws.make_client("lambda", settings))
    return LambdaNetworks(client, load_profiles(options), lambda: aws.require_credentials(settings))
