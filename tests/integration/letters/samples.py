"""Letters whose pages are kept as pictures, each with what is to be seen in it."""

from pathlib import Path

from notify_core.letters.policies.content import LetterContent
from notify_core.templates.model.markdown import parse


def _body(name):
    return parse((Path(__file__).parent / "bodies" / f"{name}.md").read_text(encoding="utf-8"))


_COUNCIL = (
    "Elections Office",
    "Exampleton Council",
    "Town Hall, Market Square",
    "Exampleton",
    "EX1 1AA",
    "Telephone: 020 7946 0000",
    "elections@exampleton.example.gov.uk",
)
_ADA = ("Ada Lovelace", "12 St James's Square", "London", "SW1Y 4JH")

PLAIN = LetterContent(
    address=_ADA,
    contact_block=_COUNCIL,
    date="5 January 2026",
    subject="Your application to vote by post",
    body=_body("plain"),
)

WELSH = LetterContent(
    address=(
        "Siân Gŵydd-Llŷr",
        "Tŷ Gwyn",
        "3 Stryd y Frân",
        "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
        "LL61 5UJ",
    ),
    contact_block=("Swyddfa Etholiadau", "Cyngor Enghraifft", "Neuadd y Ddinas", "CF10 1AA", "Ffôn: 029 2018 0000"),
    date="5 January 2026",
    subject="Ŵyl y dŵr: eich cais i bleidleisio drwy’r post",  # noqa: RUF001 - that is how it is written
    body=_body("welsh"),
)

MARKS = LetterContent(
    address=_ADA,
    contact_block=_COUNCIL,
    date="31 December 2026",
    subject="A subject so long that it does not fit on one line, as those of some letters are, and is broken",
    body=_body("marks"),
)

LONG = LetterContent(
    address=_ADA,
    contact_block=(),
    date="5 January 2026",
    subject="Your agreement with us",
    body=parse(
        "\n\n".join(
            f"# {number}. Section\n\n"
            + "\n\n".join(
                " ".join(
                    f"This is sentence {sentence} of paragraph {paragraph} in section {number}."
                    for sentence in range(1, 5 + (number + paragraph) % 4)
                )
                for paragraph in range(1, 4)
            )
            for number in range(1, 10)
        )
    ),
)

SEVEN_LINES = LetterContent(
    address=(
        "The Honourable Members of the Committee",
        "Department for the Administration of Everything",
        "Second Floor, Room 234, The North-West Wing of the Building",
        "123–125 Upper Exampleton Street, behind the Old Post Office",  # noqa: RUF001 - a range
        "Nether Exampleton",
        "Lower Exampleshire",
        "EX12 3AB",
    ),
    contact_block=tuple(f"Line {number} of who writes" for number in range(1, 15)),
    date="29 February 2028",
    subject="An address of seven lines",
    body=parse("The contact block is so long that the letter begins below it."),
)

SAMPLES = {"plain": PLAIN, "welsh": WELSH, "marks": MARKS, "long": LONG, "seven-lines": SEVEN_LINES}
