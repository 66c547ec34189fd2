"""Two releases side by side: whoever is admitted to a database finds there all that it uses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_adapters.storage.sql.compatibility import FIRST, Fit, Release, Schema, Step


def named(number):
    return f"{int(FIRST) + number:04d}"


@st.composite
def histories(draw):
    """Steps from the first on. A contracting one works from some release between the last such one and itself."""
    steps, works_from = [Step(FIRST, FIRST)], 0
    for number in range(1, draw(st.integers(1, 8))):
        if draw(st.booleans()):
            works_from = draw(st.integers(works_from, number))
        steps.append(Step(named(number), named(works_from)))
    return steps


@st.composite
def meetings(draw):
    """A database somewhere on the way, and a release that ends somewhere on the same way."""
    steps = draw(histories())
    has, knows = draw(st.integers(1, len(steps))), draw(st.integers(1, len(steps)))
    last = steps[has - 1]
    return Schema(last.revision, last.works_from), Release(steps[:knows]), steps[:has]


@given(meetings())
def test_whoever_is_admitted_finds_all_that_it_needs_and_nothing_that_it_uses_is_gone(meeting):
    schema, release, had = meeting
    admitted = release.fit(schema) is Fit.FITS

    gone = any(step.works_from > release.newest for step in had)
    lacks = [step for step in release.steps if step not in had and not release.contracts(step)]
    assert admitted is (not gone and not lacks)


@given(histories())
def test_expanding_admits_the_former_release_and_the_next_one(steps):
    former = Release(steps[:1])
    schema, taken = Schema(FIRST, FIRST), []
    following = Release(steps)
    while step := following.forward(schema, contract=False):
        taken.append(step)
        schema = Schema(step.revision, step.works_from)
        assert former.fit(schema) is Fit.FITS
    expanding = [step for step in steps[1:] if not following.contracts(step)]
    if taken == expanding:
        assert following.fit(schema) is Fit.FITS
    assert [*reversed(following.back(schema, FIRST))] == taken


@given(histories())
def test_contracting_comes_to_the_newest_schema(steps):
    release, schema = Release(steps), Schema(None)
    while step := release.forward(schema, contract=True):
        schema = Schema(step.revision, step.works_from)
    assert schema == Schema(steps[-1].revision, steps[-1].works_from)
    assert release.fit(schema) is Fit.FITS


@pytest.mark.parametrize(
    ("schema", "fit"),
    [
        (Schema(None), Fit.EMPTY),
        (Schema("0003"), Fit.LACKS),
        (Schema(named(0), named(0)), Fit.LACKS),
        (Schema(named(1), named(0)), Fit.FITS),
        (Schema(named(2), named(0)), Fit.FITS),
        (Schema(named(2), named(2)), Fit.CONTRACTED),
        # Nobody has said: then only the release of that name.
        (Schema(named(2), None), Fit.CONTRACTED),
    ],
)
def test_a_release_with_one_step_more(schema, fit):
    assert Release([Step(FIRST, FIRST), Step(named(1), FIRST)]).fit(schema) is fit
