"""The XML of each kind of instruction in each format, letter by letter.

After an intended change: ``NOTIFY_WRITE_GOLDEN=1 pytest tests/integration/cbc/test_golden_xml.py``,
then read the difference.
"""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from lxml import etree

import notify_adapters
from notify_adapters.cbc.networks import ee, vodafone
from notify_adapters.cbc.payloads import payload
from notify_adapters.cbc.xml import UnfitForNetwork, render
from notify_adapters.cbc.xml.parts import SENDER
from notify_core.broadcasts.model import Language
from notify_core.testing.builders import SKEGNESS
from notify_core.testing.contracts.networks import a_cancellation, a_link_test, an_alert, an_update

GOLDEN = Path(__file__).parent / "golden"
SCHEMAS = Path(notify_adapters.__file__).parent / "schemas"
PROFILES = {"cap": ee.PROFILE, "ibag": vodafone.PROFILE}
AT = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)


def instruction(profile, kind):
    alert = an_alert(profile, UUID(int=1))
    update = replace(an_update(profile, alert), identifier=str(UUID(int=2)))
    boat = tuple((latitude + 0.000001, longitude - 1) for latitude, longitude in SKEGNESS)
    return {
        "alert": alert,
        "update": replace(
            update,
            description="Mae'r afon ar ei hanterth & <fyny'r> grisiau, ŵyr.",
            language=Language.WELSH,
            simple_polygons=(SKEGNESS, boat),
        ),
        "cancel": replace(a_cancellation(profile, alert, update), identifier=str(UUID(int=3))),
        "test": replace(a_link_test(profile), identifier=str(UUID(int=4))),
    }[kind]


@pytest.mark.parametrize("kind", ["alert", "update", "cancel", "test"])
@pytest.mark.parametrize("name", PROFILES)
def test_the_xml_is_as_agreed(name, kind):
    file = GOLDEN / f"{name}-{kind}.xml"
    xml = render(payload(instruction(PROFILES[name], kind), PROFILES[name]), AT)
    if os.environ.get("NOTIFY_WRITE_GOLDEN"):
        file.write_text(xml, encoding="utf-8")

    assert xml == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["alert", "update", "cancel", "test"])
@pytest.mark.parametrize("name", PROFILES)
def test_another_sender_is_named_where_ours_would_be(name, kind):
    told = payload(instruction(PROFILES[name], kind), PROFILES[name])

    assert render(told, AT, "alerts@notify.example") == render(told, AT).replace(SENDER, "alerts@notify.example")


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("*.xml")), ids=lambda file: file.stem)
def test_the_agreed_xml_is_valid(file):
    schema = {"cap": "cap-1.2.xsd", "ibag": "ibag-1.0.xsd"}[file.stem.partition("-")[0]]
    etree.XMLSchema(file=SCHEMAS / schema).assertValid(etree.parse(file))


@pytest.mark.parametrize(
    "change",
    [
        {"message_format": "smoke signals"},
        {"message_type": "rumour"},
        {"channel": "weather"},
        {"sent": "yesterday"},
        {"expires": "2026-11-03T09:30:00Z"},
        {"language": "x" * 20},
        {"identifier": 7},
        {"areas": [{"polygon": [["north", "west"]]}]},
        {"areas": [{}]},
        {"description": "bell\a"},
    ],
    ids=str,
)
@pytest.mark.parametrize("name", PROFILES)
def test_what_no_centre_would_read_is_refused(name, change):
    good = payload(an_alert(PROFILES[name]), PROFILES[name])
    with pytest.raises(UnfitForNetwork):
        render(good | change, AT)


def test_a_missing_key_is_named():
    good = payload(an_alert(ee.PROFILE), ee.PROFILE)
    del good["headline"]
    with pytest.raises(UnfitForNetwork, match="headline"):
        render(good, AT)
