"""The commands, and the one place where their errors are printed."""

from importlib.metadata import entry_points, version
from typing import Annotated

import typer

from notify_core.kernel.errors import NotifyError
from notify_entrypoints.cli import checking, keys, migrating, providers, provisioning, relaying, secrets, tasks
from notify_entrypoints.cli.broadcasts.app import app as broadcasts
from notify_entrypoints.cli.callbacks.app import app as callbacks
from notify_entrypoints.cli.jobs.app import app as jobs
from notify_entrypoints.cli.letters.app import app as letters
from notify_entrypoints.logs import configure
from notify_entrypoints.settings import load_settings

app = typer.Typer(
    help="Notify: text messages, emails and emergency broadcasts for many services.\n\n"
    "Configured by NOTIFY_… variables or a TOML file named by NOTIFY_CONFIG; without any, everything runs "
    "on this machine in the directory .notify.",
    no_args_is_help=True,
    # Plain help and errors: no boxes in a log, and nothing to load for them.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback(invoke_without_command=True)
def _version(
    *, show: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False
) -> None:
    if show:
        typer.echo(version("notify-platform"))
        raise typer.Exit


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on (NOTIFY_HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Its port (NOTIFY_PORT).")] = None,
) -> None:
    """Serve everything in one process, until a signal ends it.

    That is: the API, the relay, the workers, the scheduler, the fake suppliers and networks. The
    embedded database is migrated first. Ctrl-C or SIGTERM finishes what has begun; a killed process
    loses nothing, the next start goes on where it was.
    """
    options = {"NOTIFY_HOST": host, "NOTIFY_PORT": None if port is None else str(port)}
    settings = load_settings(given={name: value for name, value in options.items() if value is not None})
    configure(settings.log_format)
    # By its entry point: ways in do not import each other.
    (server,) = entry_points(group="notify.servers", name="embedded")
    server.load()(settings)


@app.command()
def fakes(port: Annotated[int, typer.Option(help="The port of the fake Lambda endpoint.")] = 6013) -> None:
    """Play the fake suppliers and networks, never in live.

    In a process of their own, for trying the engines of production: receipts are brought from here, and
    the adapter lambda finds the networks here with AWS_ENDPOINT_URL_LAMBDA=http://127.0.0.1:6013.
    """
    settings = load_settings()
    configure(settings.log_format)
    (server,) = entry_points(group="notify.servers", name="fakes")
    server.load()(settings, port)


app.command("provision")(provisioning.provision)
app.command("migrate")(migrating.migrate)
app.command("check")(checking.check)
app.command("adapters")(checking.adapters)
app.command("relay")(relaying.relay)
app.add_typer(keys.app, name="keys")
app.add_typer(providers.app, name="providers")
app.add_typer(secrets.app, name="secrets")
app.add_typer(tasks.app, name="tasks")
app.add_typer(broadcasts, name="broadcasts")
app.add_typer(letters, name="letters")
app.add_typer(callbacks, name="callbacks")
app.add_typer(jobs, name="jobs")


def main() -> None:
    """Run the command line; an error of ours is one line on standard error and exit status 1."""
    try:
        app()
    except NotifyError as error:
        typer.secho(f"notify: {' '.join(str(error).split())}", fg=typer.colors.RED, err=True)
        raise SystemExit(1) from None
