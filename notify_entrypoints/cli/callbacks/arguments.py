"""What both commands are asked."""

from typing import Annotated
from uuid import UUID

import typer

from notify_core.accounts.model import CallbackType

ServiceArgument = Annotated[UUID, typer.Argument(metavar="SERVICE", help="The service's id.")]
TypeOption = Annotated[CallbackType | None, typer.Option("--type", help="Only callbacks of this type.")]
