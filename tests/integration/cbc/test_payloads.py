"""The keys and spellings that the proxies were built for."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from uuid import UUID

import pytest

from notify_adapters.cbc.networks import ee, o2, three, vodafone
from notify_adapters.cbc.payloads import IncompleteInstruction, payload
from notify_core.accounts.model import BroadcastChannel
from notify_core.broadcasts.model import Language
from notify_core.testing.builders import SKEGNESS
from notify_core.testing.contracts.networks import a_cancellation, a_link_test, an_alert, an_update

IDENTIFIER = UUID("5b1e7b0c-2b5f-4f3e-9f63-1a2b3c4d5e6f")
CONTENT = {"headline", "description", "areas", "sent", "expires", "language", "channel"}
COMMON = {"message_type", "identifier", "message_format"}

cap_networks = pytest.mark.parametrize("profile", [ee.PROFILE, o2.PROFILE, three.PROFILE], ids=lambda it: it.name)


@cap_networks
def test_an_alert_for_a_cap_network(profile):
    assert payload(an_alert(profile, IDENTIFIER), profile) == {
        "message_type": "alert",
        "identifier": "5b1e7b0c-2b5f-4f3e-9f63-1a2b3c4d5e6f",
        "message_format": "cap",
        "headline": "GOV.UK Notify Broadcast",
        "description": "The river is rising. Go upstairs.",
        "areas": [{"polygon": [[53.12, 0.30], [53.18, 0.30], [53.18, 0.38], [53.12, 0.38], [53.12, 0.30]]}],
        "sent": "2026-11-03T09:15:07-00:00",
        "expires": "2099-11-03T13:15:07-00:00",
        "language": "en-GB",
        "channel": "severe",
    }


@cap_networks
def test_the_keys_of_each_type_for_a_cap_network(profile):
    alert = an_alert(profile)
    assert set(payload(alert, profile)) == COMMON | CONTENT
    assert set(payload(an_update(profile, alert), profile)) == COMMON | CONTENT | {"references"}
    assert set(payload(a_cancellation(profile, alert), profile)) == COMMON | {"references", "sent"}
    assert set(payload(a_link_test(profile), profile)) == COMMON


def test_the_keys_of_each_type_for_the_ibag_network():
    profile = vodafone.PROFILE
    numbered = COMMON | {"message_number"}
    alert = an_alert(profile)
    assert set(payload(alert, profile)) == numbered | CONTENT
    assert set(payload(an_update(profile, alert), profile)) == numbered | CONTENT | {"references"}
    assert set(payload(a_cancellation(profile, alert), profile)) == numbered | {"references", "sent"}
    assert set(payload(a_link_test(profile), profile)) == numbered
    assert payload(alert, profile)["message_format"] == "ibag"
    assert payload(alert, profile)["message_number"] == "0000004e"


def test_references_name_every_earlier_message_oldest_first():
    alert = an_alert(ee.PROFILE, IDENTIFIER)
    update = an_update(ee.PROFILE, alert)
    assert payload(a_cancellation(ee.PROFILE, alert, update), ee.PROFILE)["references"] == [
        {"message_id": str(IDENTIFIER), "sent": "2026-11-03T09:15:07.250000Z"},
        {"message_id": update.identifier, "sent": "2026-11-03T09:15:07.250000Z"},
    ]


def test_references_of_the_ibag_network_have_numbers():
    alert = an_alert(vodafone.PROFILE, IDENTIFIER)
    assert payload(an_update(vodafone.PROFILE, alert), vodafone.PROFILE)["references"] == [
        {"message_id": str(IDENTIFIER), "sent": "2026-11-03T09:15:07.250000Z", "message_number": "0000004e"},
    ]


@pytest.mark.parametrize(
    ("profile", "language", "spelling"),
    [
        (ee.PROFILE, Language.ENGLISH, "en-GB"),
        (ee.PROFILE, Language.WELSH, "cy-GB"),
        (vodafone.PROFILE, Language.ENGLISH, "English"),
        (vodafone.PROFILE, Language.WELSH, "Welsh"),
    ],
)
def test_each_format_spells_languages_in_its_own_way(profile, language, spelling):
    assert payload(replace(an_alert(profile), language=language), profile)["language"] == spelling


@pytest.mark.parametrize("channel", BroadcastChannel)
def test_the_channel_is_the_events(channel):
    assert payload(replace(an_alert(ee.PROFILE), channel=channel), ee.PROFILE)["channel"] == channel.value


def test_each_polygon_is_an_area_in_the_order_kept():
    north = tuple((latitude + 1, longitude) for latitude, longitude in SKEGNESS)
    areas = payload(replace(an_alert(ee.PROFILE), simple_polygons=(north, SKEGNESS)), ee.PROFILE)["areas"]
    assert [area["polygon"][0] for area in areas] == [[54.12, 0.30], [53.12, 0.30]]


def test_times_are_told_in_utc():
    summer = datetime(2026, 7, 1, 13, 30, tzinfo=timezone(timedelta(hours=1)))
    assert payload(replace(an_alert(ee.PROFILE), sent=summer), ee.PROFILE)["sent"] == "2026-07-01T12:30:00-00:00"


def test_an_instruction_that_lacks_something_is_our_mistake():
    with pytest.raises(IncompleteInstruction, match=r"alert .* has no description"):
        payload(replace(an_alert(ee.PROFILE), description=None), ee.PROFILE)
    with pytest.raises(IncompleteInstruction, match="has no message_number"):
        payload(an_alert(ee.PROFILE), vodafone.PROFILE)
