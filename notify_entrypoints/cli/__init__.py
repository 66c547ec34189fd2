"""The command line: ``notify --help``."""

import sys


def main() -> None:
    """Run it. What is wrong with the installation is one line, as every other error is."""
    try:
        from notify_entrypoints.cli.main import main as run

        run()
    except ModuleNotFoundError as error:
        from notify_entrypoints.plugins import missing

        if (error.name or "").partition(".")[0].startswith("notify_"):
            raise
        sys.stderr.write(f"notify: this needs {missing(error)}\n")
        raise SystemExit(1) from None
