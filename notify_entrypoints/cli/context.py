"""What most commands begin with. The platform is imported when a command needs it: help and usage
errors should not wait for a database library."""

import logging
from typing import TYPE_CHECKING

from notify_adapters.private_folder import make_private_folder
from notify_entrypoints.logs import configure
from notify_entrypoints.settings import SettingsError, load_settings

if TYPE_CHECKING:
    from notify_entrypoints.containers import Container


def container() -> "Container":
    """The platform as configured, on a database with the newest schema.

    :raises SettingsError: the configuration is wrong, or the database has not been migrated.
    """
    from notify_entrypoints.containers import check_schema

    made = unmigrated()
    check_schema(made)
    return made


def unmigrated() -> "Container":
    """The platform as configured, whatever its database's schema is.

    :raises SettingsError: the configuration is wrong.
    """
    settings = load_settings()
    # What a command has to say, it says itself.
    configure(settings.log_format, logging.WARNING)
    from notify_entrypoints.containers import Container

    try:
        make_private_folder(settings.data_dir)
    except OSError as error:
        raise SettingsError(f"NOTIFY_DATA_DIR: {settings.data_dir} cannot be used: {error.strerror}") from error
    return Container(settings=settings)
