"""Checking uploaded letters: for viruses, and whether they can be printed.

Each step may be killed at any point and done again. It goes by which files are where, and every file is where a step
expects it or where the same step has moved it.
"""

from notify_core.letters.use_cases.checking.place import PlaceSanitisedLetter
from notify_core.letters.use_cases.checking.replay_errors import FileReplayed, ReplayScanErrors
from notify_core.letters.use_cases.checking.sanitise import SanitiseUpload
from notify_core.letters.use_cases.checking.scan import ScanUpload
from notify_core.letters.use_cases.checking.set_aside import GiveUpOnCheck, SetAsideInfected, SetAsideUnscanned

__all__ = [
    "FileReplayed",
    "GiveUpOnCheck",
    "PlaceSanitisedLetter",
    "ReplayScanErrors",
    "SanitiseUpload",
    "ScanUpload",
    "SetAsideInfected",
    "SetAsideUnscanned",
]
