"""Folders for what is nobody else's business: the data directory, and what lies in it."""

import errno
import os
from pathlib import Path


def make_private_folder(folder: Path) -> None:
    """Make a folder, and those above it that are not there, open to this account only; a power loss
    leaves them. What is there stays as it is.

    :raises OSError: it cannot be made, or is a file.
    """
    if folder.is_file():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    if not folder.is_dir():
        make_private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Until this is done, a name that was written into a folder is in memory only."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some file systems, those of other machines among them, do this for files only.
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)
