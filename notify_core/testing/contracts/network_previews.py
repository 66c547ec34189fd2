"""What every way to the mobile networks shows of a message before it goes out."""

from dataclasses import replace
from typing import ClassVar

import pytest

from notify_core.broadcasts.model import InstructionType
from notify_core.broadcasts.ports import NetworkRefuses, Networks
from notify_core.testing.contracts.network_instructions import (
    SENT,
    a_cancellation,
    a_link_test,
    an_alert,
    an_update,
)


class NetworkPreviewsContract:
    """A part of :class:`~notify_core.testing.contracts.networks.NetworksContract`."""

    known: ClassVar[tuple[str, ...]]

    def test_a_preview_shows_what_would_go_out(self, networks: Networks) -> None:
        for network in self.known:
            profile = networks.profile(network)
            alert = replace(an_alert(profile), sender="alerts@notify.example")
            update = an_update(profile, alert)
            for instruction in (alert, update, a_cancellation(profile, alert, update), a_link_test(profile)):
                preview = networks.preview(network, instruction, SENT)
                assert preview.functions == profile.functions
                assert preview.payload["identifier"] == instruction.identifier
                assert preview.payload["message_type"] == instruction.type.value
                assert preview.payload.get("message_number") == instruction.message_number
                assert instruction.identifier in preview.xml
            assert "alerts@notify.example" in networks.preview(network, alert, SENT).xml

    def test_a_preview_refuses_what_the_network_would_not_take(self, networks: Networks) -> None:
        for network in self.known:
            alert = replace(an_alert(networks.profile(network)), description="bell\a")
            with pytest.raises(NetworkRefuses, match=r"."):
                networks.preview(network, alert, SENT)

    def test_a_preview_refuses_an_alert_that_is_not_complete(self, networks: Networks) -> None:
        for network in self.known:
            alert = an_alert(networks.profile(network))
            without = {
                "description": replace(alert, description=None),
                "expires": replace(alert, expires=None),
                "channel": replace(alert, channel=None),
            }
            for missing, instruction in without.items():
                with pytest.raises(NetworkRefuses, match=f"alert {alert.identifier} has no {missing}"):
                    networks.preview(network, instruction, SENT)

    def test_a_preview_refuses_what_lacks_a_number_that_the_network_needs(self, networks: Networks) -> None:
        profile = networks.profile("vodafone")
        alert = an_alert(profile)
        for instruction in (alert, a_cancellation(profile, alert), a_link_test(profile)):
            with pytest.raises(NetworkRefuses, match="has no message_number"):
                networks.preview("vodafone", replace(instruction, message_number=None), SENT)

    def test_a_preview_refuses_to_update_or_to_cancel_nothing(self, networks: Networks) -> None:
        for network in self.known:
            profile = networks.profile(network)
            for instruction in (an_update(profile), a_cancellation(profile)):
                with pytest.raises(NetworkRefuses, match="of nothing"):
                    networks.preview(network, instruction, SENT)

    def test_a_link_test_holds_nothing_that_could_be_taken_for_an_alert(self, networks: Networks) -> None:
        """Whatever its instruction might hold by mistake."""
        for network in self.known:
            profile = networks.profile(network)
            mistaken = replace(an_alert(profile), type=InstructionType.TEST)
            preview = networks.preview(network, mistaken, SENT)
            assert preview.payload["message_type"] == "test"
            assert set(preview.payload) <= {"message_type", "identifier", "message_format", "message_number"}
            assert str(mistaken.description) not in preview.xml
