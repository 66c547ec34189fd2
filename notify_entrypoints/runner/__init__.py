"""Background work inside one process, as ``notify serve`` runs it."""

from notify_entrypoints.runner.runner import EmbeddedRunner, threads_for

__all__ = ["EmbeddedRunner", "threads_for"]
