"""The GSM 7-bit alphabet, what becomes of other characters, and how many text messages a text fills.

Source: 3GPP TS 23.038 (GSM 03.38), default alphabet and its extension table.
"""

import unicodedata
from functools import lru_cache

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# The table's form feed (a page break) is left out: no phone shows it and XML forbids it.
GSM_EXTENSION = frozenset("^{}\\[~]|€")
GSM = GSM_BASIC | GSM_EXTENSION

_CIRCUMFLEX_ACUTE_GRAVE_DIAERESIS = "\u0302\u0301\u0300\u0308"
WELSH_NON_GSM = (
    frozenset(
        unicodedata.normalize("NFC", letter + accent)
        for letter in "aeiouwyAEIOUWY"
        for accent in _CIRCUMFLEX_ACUTE_GRAVE_DIAERESIS
    )
    - GSM
)

# Septets (GSM) and UTF-16 units (UCS-2) in a message of one fragment, and in each of several.
_GSM_SINGLE, _GSM_EACH = 160, 153
_UCS2_SINGLE, _UCS2_EACH = 70, 67

_LOOK_ALIKES = {
    character: replacement
    for replacement, characters in {
        "'": "\u2018\u2019\u201a\u201b\u2032\u2035\u02b9\u02bb\u02bc\u02bd\u00b4`\u2039\u203a",
        '"': "\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb",
        "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58",
        "...": "\u2026",
        "*": "\u2022\u00b7\u2219",
        "/": "\u2044\u2215\u00f7",
        "x": "\u00d7",
        "|": "\u00a6",
        "£": "\u20a4",
        "(c)": "\u00a9",
        "(r)": "\u00ae",
        "<": "\u2329\u3008",
        ">": "\u232a\u3009",
        "OE": "Œ",
        "oe": "œ",
        "ß": "ẞ",
        "D": "ÐĐ",
        "d": "ðđ",
        "Th": "Þ",
        "th": "þ",
        "L": "Ł",
        "l": "ł",
        "H": "Ħ",
        "h": "ħ",
        "i": "\u0131",
        "T": "Ŧ",
        "t": "ŧ",
        "N": "Ŋ",
        "n": "ŋ",
        "k": "ĸ",
        " ": "\t\v\f\x85",
        "\n": "\u2028\u2029",
    }.items()
    for character in characters
}
UNKNOWN = "?"


def downgrade(text: str, *, keep: frozenset[str] = frozenset()) -> str:
    """``text`` with each character outside GSM-7 and ``keep`` replaced by its look-alike.

    Accents fall off, ligatures come apart, invisible characters vanish, and what has no look-alike
    becomes ``?``. Doing it twice changes nothing more.
    """
    composed = unicodedata.normalize("NFC", text)
    allowed = _allowed(keep)
    if allowed.issuperset(composed):
        return composed
    return "".join(c if c in allowed else _look_alike(c) for c in composed)


@lru_cache(maxsize=16)
def _allowed(keep: frozenset[str]) -> frozenset[str]:
    return GSM | keep


@lru_cache(maxsize=4096)
def _look_alike(character: str) -> str:
    if character in _LOOK_ALIKES:
        return _LOOK_ALIKES[character]
    category = unicodedata.category(character)
    if category == "Cf" or category.startswith("M"):  # zero-width and bidirectional marks; lone accents
        return ""
    if category == "Zs":
        return " "
    parts = unicodedata.normalize("NFKD", character)
    if parts == character:
        return UNKNOWN
    replaced = "".join(part if part in GSM else _look_alike(part) for part in parts)
    return UNKNOWN if UNKNOWN in replaced else replaced


def has_welsh_non_gsm(text: str) -> bool:
    """Whether a letter of Welsh is in ``text`` that GSM-7 lacks, so that it must travel as UCS-2."""
    return not WELSH_NON_GSM.isdisjoint(text)


def gsm_length(text: str) -> int:
    """How many septets ``text`` takes in GSM-7: characters of the extension table count twice."""
    return len(text) + sum(character in GSM_EXTENSION for character in text)


def fragments(text: str) -> int:
    """How many text messages carry ``text``, which has been downgraded: 160 septets in one or 153 in
    each of several; where something outside GSM-7 was kept (Welsh), 70 or 67 characters."""
    if GSM.issuperset(text):
        return _messages(gsm_length(text), _GSM_SINGLE, _GSM_EACH)
    return _messages(len(text), _UCS2_SINGLE, _UCS2_EACH)


def _messages(length: int, single: int, each: int) -> int:
    return 1 if length <= single else -(-length // each)


def normalise_broadcast_text(text: str) -> str:
    """The text of a broadcast as it is stored, counted and sent: ends trimmed, one kind of line
    break, tabs as spaces, nothing invisible, GSM-7 and Welsh letters only."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return downgrade(lines, keep=WELSH_NON_GSM).strip()
