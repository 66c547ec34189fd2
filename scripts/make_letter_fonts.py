"""Make the fonts of letters anew (needs ``pip install fonttools``): what European letters need of Liberation Sans.

    python scripts/make_letter_fonts.py /usr/share/fonts/truetype/liberation2

Its licence (OFL.txt beside the result) keeps the name Liberation for the unchanged fonts, so these have another.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Letter Sans"
TARGET = Path("notify_adapters/letter_renderer/fonts")
# Latin with Welsh and all other European languages, Greek, Cyrillic, punctuation, currencies, fractions, arrows,
# mathematics and simple shapes.
RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x24F),
    (0x2B0, 0x3FF),
    (0x400, 0x52F),
    (0x1E00, 0x1EFF),
    (0x2000, 0x20CF),
    (0x2100, 0x22FF),
    (0x25A0, 0x26FF),
    (0xFB00, 0xFB06),
)
# Numbers of OpenType's table of names.
FAMILY_NAME, UNIQUE, FULL_NAME, POSTSCRIPT = 1, 3, 4, 6
TRADEMARK = 7


def make(source: Path, style: str) -> None:
    options = subset.Options(hinting=False, layout_features=[], notdef_outline=True, glyph_names=False)
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "kern", "FFTM"]
    options.name_IDs = ["*"]
    options.recalc_timestamp = False
    font: TTFont = subset.load_font(source, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    subsetter.subset(font)
    short = FAMILY.replace(" ", "")
    names = font["name"]
    for record in [*names.names]:
        if record.nameID in {FAMILY_NAME, UNIQUE, FULL_NAME}:
            text = FAMILY if record.nameID == FAMILY_NAME else f"{FAMILY} {style}"
            names.setName(text, record.nameID, record.platformID, record.platEncID, record.langID)
        elif record.nameID == POSTSCRIPT:
            names.setName(f"{short}-{style}", POSTSCRIPT, record.platformID, record.platEncID, record.langID)
        elif record.nameID == TRADEMARK:
            names.removeNames(nameID=TRADEMARK)
    subset.save_font(font, str(TARGET / f"{short}-{style}.ttf"), options)


if __name__ == "__main__":
    (folder,) = sys.argv[1:]
    for style in ("Regular", "Bold"):
        make(Path(folder) / f"LiberationSans-{style}.ttf", style)
