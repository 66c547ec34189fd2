"""Pictures of pages. Make those that are kept anew after looking at what has changed in them:

python -m tests.integration.letters.pictures
"""

from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops

from notify_adapters.letter_renderer.reportlab import build
from tests.integration.letters.samples import SAMPLES

GOLDEN = Path(__file__).parent / "golden"
_DPI = 50
# Another release of what draws the pictures may smooth edges otherwise, which is paler than a letter that has moved.
_PALE = 96
_FEW = 40


def pictures_of(pdf):
    """Its pages, small and in shades of grey."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=_DPI / 72, grayscale=True).to_pil().convert("L") for page in document]
    finally:
        document.close()


def path_of(name, page):
    return GOLDEN / f"{name}-{page}.png"


def look_alike(one, other):
    if one.size != other.size:
        return False
    differing = ImageChops.difference(one, other).histogram()[_PALE:]
    return sum(differing) <= _FEW


def renew():
    GOLDEN.mkdir(exist_ok=True)
    for old in GOLDEN.glob("*.png"):
        old.unlink()
    for name, content in SAMPLES.items():
        for page, picture in enumerate(pictures_of(build({}).render(content).pdf), start=1):
            # Sixteen shades are enough, and half the size.
            picture.quantize(16).save(path_of(name, page), optimize=True)


def kept(name):
    """The pictures that are kept of a letter, in the order of its pages."""
    return [Image.open(path).convert("L") for path in sorted(GOLDEN.glob(f"{name}-?.png"))]


if __name__ == "__main__":
    renew()
