"""The evening print run. Source: letters.md, section 5.

    begin     what is due is counted, and the printer told
    find      each letter's PDF is looked for where it should lie; those without wait for another run
    group     the letters found are put into zips, which have their names and contents from then on
    send      a zip is made, brought to the printer and released; its letters count as sent

Each step is a task that can die anywhere and be done again. A letter is in at most one zip, since it is put into one
only while it is in none, in the transaction that records the zip; a zip is released once, since that it is about to
be is recorded before.
"""

from notify_core.letters.use_cases.printing.begin import BeginPrintRun
from notify_core.letters.use_cases.printing.find import FindLetters
from notify_core.letters.use_cases.printing.group import GroupLetters
from notify_core.letters.use_cases.printing.reading import ListPrintRuns, ShowPrintRun
from notify_core.letters.use_cases.printing.send import ZipAndSend
from notify_core.letters.use_cases.printing.volumes import SendVolumes

__all__ = [
    "BeginPrintRun",
    "FindLetters",
    "GroupLetters",
    "ListPrintRuns",
    "SendVolumes",
    "ShowPrintRun",
    "ZipAndSend",
]
