"""A printer for development: takes what the adapter ``directory`` has released, and answers with files.

It acknowledges each zip (``root/dispatch/<zip>.ACK.TXT``) and says of each letter in it that it was printed
(``NOTIFY-YYYYMMDDHHMMSS-RSP.TXT``), or that it was not, where its file is no PDF. Source: letters.md, section 6.
"""

import fcntl
import logging
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Final

from notify_adapters.letter_printer.directory import folder_of
from notify_adapters.private_folder import make_private_folder
from notify_core.kernel.errors import NotifyError
from notify_core.letters.model import Bucket
from notify_core.letters.ports import LetterStore

_log = logging.getLogger(__name__)

_PLAYED_IN: Final = frozenset({"development", "preview"})
_TIME: Final = "%Y%m%d%H%M%S"
_SECOND: Final = timedelta(seconds=1)
_PAGE: Final = re.compile(rb"/Type\s*/Page(?![A-Za-z])")


@dataclass(frozen=True)
class SimulatedPrinter:
    """What it took lies in ``taken``, and with it under which name it was answered: that is noted before, so that
    whoever goes on after a death answers with the same file. ``refused`` has what was no zip."""

    root: Path
    store: LetterStore
    plays: bool = True

    def run(self, stop: Event, *, idle: float = 0.2) -> None:
        """Print until ``stop`` is set; ``idle`` is the wait in seconds when nothing lies there."""
        while self.plays and not stop.is_set():
            try:
                printed = self.print_all()
            except (NotifyError, OSError):
                _log.exception("the simulated printer has come to nothing")
                printed = 0
            if not printed:
                stop.wait(idle)

    def print_all(self) -> int:
        """Take what is there; how many zips it were.

        :raises OSError: the folder cannot be used.
        :raises TransientError: the store is not there.
        """
        if not self.root.is_dir():
            return 0
        with self._alone():
            waiting = sorted(path for path in self.root.iterdir() if path.suffix == ".ZIP")
            for path in waiting:
                self._print(path)
        return len(waiting)

    def _print(self, path: Path) -> None:
        try:
            lines = _answers(path)
        except zipfile.BadZipFile as error:
            _log.warning("%s is no zip: %s", path.name, error)
            self._put_away(path, "refused")
            return
        name = self._response_name(path)
        acknowledgement = f"root/dispatch/{path.stem}.ACK.TXT"
        self.store.put(Bucket.RESPONSE, acknowledgement, f"{path.name}\n".encode())
        self.store.put(Bucket.RESPONSE, name, "".join(f"{line}\n" for line in lines).encode())
        self._put_away(path, "taken")
        _log.info("printed %d letters of %s", len(lines), path.name)

    def _response_name(self, path: Path) -> str:
        """The name noted for this zip, or the next that is free."""
        folder = self._folder("taken")
        note = folder / f"{path.name}.answer"
        if not note.exists():
            noted = [datetime.strptime(one.read_text(), _TIME).replace(tzinfo=UTC) for one in folder.glob("*.answer")]
            moment = max([datetime.now(UTC), *(last + _SECOND for last in noted)])
            written = folder / f"{path.name}.incoming"
            written.write_text(moment.strftime(_TIME))
            written.replace(note)
        return f"NOTIFY-{note.read_text()}-RSP.TXT"

    def _put_away(self, path: Path, where: str) -> None:
        path.replace(self._folder(where) / path.name)

    def _folder(self, name: str) -> Path:
        make_private_folder(self.root / name)
        return self.root / name

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One printer at a time: others may play in other processes. A death gives it back."""
        with (self.root / ".printer").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _answers(path: Path) -> list[str]:
    """A line for each letter: ``reference|status|sheets|cost threshold``.

    :raises BadZipFile: it is none, or damaged.
    """
    with zipfile.ZipFile(path) as content:
        if damaged := content.testzip():
            raise zipfile.BadZipFile(f"{damaged} is damaged")
        names = content.namelist()
        threshold = "Sorted" if len(names) > 1 else "Unsorted"
        return [_answer(name, content.read(name), threshold) for name in names]


def _answer(name: str, pdf: bytes, threshold: str) -> str:
    status = "Sent" if pdf.startswith(b"%PDF") else "Failed"
    pages = max(len(_PAGE.findall(pdf)), 1)
    return f"{name.split('.')[1]}|{status}|{-(-pages // 2)}|{threshold}"


def build(options: Mapping[str, str], store: LetterStore) -> SimulatedPrinter:
    """The printer that belongs to the folder of the same options; it answers into ``store``. Where somebody might take
    it for the real one, which fetches from such a folder as well, it does nothing."""
    return SimulatedPrinter(folder_of(options), store, plays=options.get("environment") in _PLAYED_IN)
