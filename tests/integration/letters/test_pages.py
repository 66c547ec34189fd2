"""What letters look like: compared with pictures that people have looked at."""

import pytest

from notify_adapters.letter_renderer.reportlab import build
from tests.integration.letters.pictures import GOLDEN, kept, look_alike, pictures_of
from tests.integration.letters.samples import SAMPLES


@pytest.mark.parametrize("name", SAMPLES)
def test_a_letter_looks_as_it_did(name, tmp_path):
    drawn, known = pictures_of(build({}).render(SAMPLES[name]).pdf), kept(name)
    for page, picture in enumerate(drawn, start=1):
        picture.save(tmp_path / f"{name}-{page}.png")
    assert len(drawn) == len(known)
    different = [page for page, pair in enumerate(zip(drawn, known, strict=True), start=1) if not look_alike(*pair)]
    assert not different, f"look at pages {different} in {tmp_path}; see pictures.py where they are as they should be"


def test_no_picture_is_kept_of_what_is_no_more():
    assert {path.stem.rpartition("-")[0] for path in GOLDEN.iterdir()} == set(SAMPLES)


def test_the_comparison_sees_a_word_that_has_changed():
    (drawn,) = pictures_of(build({}).render(SAMPLES["plain"]).pdf)
    (welsh,) = pictures_of(build({}).render(SAMPLES["welsh"]).pdf)
    moved = drawn.transform(drawn.size, 0, (1, 0, 0, 0, 1, 1))
    assert look_alike(drawn, drawn.copy())
    assert not look_alike(drawn, welsh)
    assert not look_alike(drawn, moved)
