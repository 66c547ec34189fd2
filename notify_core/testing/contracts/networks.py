"""How every way to the mobile networks behaves."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Protocol

import pytest

from notify_core.broadcasts.model import Instruction, Route
from notify_core.broadcasts.ports import NetworkFailed, Networks
from notify_core.kernel.errors import NotFound
from notify_core.testing.contracts.network_instructions import (
    SENT,
    a_cancellation,
    a_link_test,
    an_alert,
    an_update,
)
from notify_core.testing.contracts.network_previews import NetworkPreviewsContract
from notify_core.testing.contracts.racing import race

__all__ = [
    "NetworkOtherEnd",
    "NetworksContract",
    "a_cancellation",
    "a_link_test",
    "an_alert",
    "an_update",
]


class NetworkOtherEnd(Protocol):
    """The networks' own side in a test."""

    def make_it_fail(self, network: str, route: Route | None = None, times: int | None = None) -> None:
        """The next calls (None: all, on either route) fail, unheard by the network."""
        ...

    def make_it_lose_the_acknowledgement(self, network: str, route: Route, times: int) -> None:
        """The network takes the next calls, and their caller is told that they failed."""
        ...

    def taken(self, network: str) -> Sequence[str]:
        """The identifiers that the network took, each once, in the order it first took them."""
        ...


class NetworksContract(NetworkPreviewsContract):
    """Supply ``networks``, which knows the ``known`` ones, and their ``other_end``."""

    # Whether anything is talked to.
    connected: ClassVar[bool] = True
    # Whether the other end checks what it is sent (identifiers, references); an echo does not.
    checks: ClassVar[bool] = True
    known: ClassVar[tuple[str, ...]] = ("ee", "o2", "three", "vodafone")

    @pytest.fixture
    def networks(self) -> Networks:
        raise NotImplementedError

    @pytest.fixture
    def other_end(self) -> NetworkOtherEnd:
        raise NotImplementedError

    def test_alerts_go_to_every_enabled_network(self, networks: Networks) -> None:
        assert networks.enabled() == self.known

    def test_each_network_has_a_profile_with_two_routes(self, networks: Networks) -> None:
        for network in self.known:
            profile = networks.profile(network)
            assert profile.name == network
            assert len(set(profile.functions)) == len(Route)

    def test_an_unknown_network_is_not_found(self, networks: Networks) -> None:
        with pytest.raises(NotFound):
            networks.profile("giffgaff")
        with pytest.raises(NotFound):
            networks.is_connected("giffgaff")
        with pytest.raises(NotFound):
            networks.send("giffgaff", Route.FIRST, a_link_test(networks.profile("ee")))
        with pytest.raises(NotFound):
            networks.preview("giffgaff", a_link_test(networks.profile("ee")), SENT)

    def test_says_whether_it_is_connected(self, networks: Networks) -> None:
        assert {networks.is_connected(network) for network in self.known} == {self.connected}

    @pytest.mark.parametrize("route", Route)
    def test_every_kind_of_instruction_is_handed_over_on_either_route(
        self, networks: Networks, other_end: NetworkOtherEnd, route: Route
    ) -> None:
        for network in self.known:
            profile = networks.profile(network)
            alert = an_alert(profile)
            update = an_update(profile, alert)
            instructions = (alert, update, a_cancellation(profile, alert, update), a_link_test(profile))
            for instruction in instructions:
                self._send(networks, network, route, instruction)
            taken = other_end.taken(network)
            assert list(taken) == [each.identifier for each in instructions if self.connected]

    def _send(self, networks: Networks, network: str, route: Route, instruction: Instruction) -> None:
        if self.connected:
            networks.send(network, route, instruction)
            return
        with pytest.raises(NetworkFailed):
            networks.send(network, route, instruction)

    def test_a_preview_sends_nothing(self, networks: Networks, other_end: NetworkOtherEnd) -> None:
        for network in self.known:
            for instruction in (an_alert(networks.profile(network)), a_link_test(networks.profile(network))):
                networks.preview(network, instruction, SENT)
            assert not other_end.taken(network)

    def test_a_link_test_on_both_routes_is_one(self, networks: Networks, other_end: NetworkOtherEnd) -> None:
        for network in self.known:
            link_test = a_link_test(networks.profile(network))
            for route in Route:
                self._send(networks, network, route, link_test)
            assert list(other_end.taken(network)) == [link_test.identifier] * self.connected

    def test_the_same_again_is_acknowledged_again_and_taken_once(
        self, networks: Networks, other_end: NetworkOtherEnd
    ) -> None:
        alert = an_alert(networks.profile("ee"))

        self._send(networks, "ee", Route.FIRST, alert)
        self._send(networks, "ee", Route.SECOND, alert)

        assert list(other_end.taken("ee")) == [alert.identifier] * self.connected

    def test_networks_do_not_share_what_they_took(self, networks: Networks, other_end: NetworkOtherEnd) -> None:
        alert = an_alert(networks.profile("ee"))

        self._send(networks, "ee", Route.FIRST, alert)

        assert not other_end.taken("o2")

    def test_another_content_under_the_same_identifier_is_refused(
        self, networks: Networks, other_end: NetworkOtherEnd
    ) -> None:
        alert = an_alert(networks.profile("ee"))
        self._send(networks, "ee", Route.FIRST, alert)

        self._send_refused(networks, replace(alert, description="Something else."))

        assert list(other_end.taken("ee")) == [alert.identifier] * self.connected
        # What was refused has not replaced what was taken.
        self._send(networks, "ee", Route.SECOND, alert)

    def test_an_update_of_something_unknown_is_refused(self, networks: Networks) -> None:
        profile = networks.profile("ee")
        self._send_refused(networks, an_update(profile, an_alert(profile)))

    def test_every_reference_must_be_known(self, networks: Networks) -> None:
        profile = networks.profile("ee")
        alert = an_alert(profile)
        self._send(networks, "ee", Route.FIRST, alert)
        self._send_refused(networks, a_cancellation(profile, alert, an_alert(profile)))

    def test_what_another_network_took_is_unknown(self, networks: Networks) -> None:
        profile = networks.profile("ee")
        alert = an_alert(profile)
        self._send(networks, "o2", Route.FIRST, alert)
        self._send_refused(networks, an_update(profile, alert))

    def test_the_same_on_both_routes_at_the_same_moment_is_taken_once(
        self, networks: Networks, other_end: NetworkOtherEnd
    ) -> None:
        alert = an_alert(networks.profile("ee"))
        race(lambda number: self._send(networks, "ee", tuple(Route)[number % 2], alert))
        assert list(other_end.taken("ee")) == [alert.identifier] * self.connected

    def test_a_cancellation_of_something_unknown_is_refused(self, networks: Networks) -> None:
        profile = networks.profile("ee")
        self._send_refused(networks, a_cancellation(profile, an_alert(profile)))

    def test_a_cancellation_of_nothing_is_refused(self, networks: Networks) -> None:
        self._send_refused(networks, a_cancellation(networks.profile("ee")))

    def _send_refused(self, networks: Networks, instruction: Instruction) -> None:
        if self.connected and not self.checks:
            networks.send("ee", Route.FIRST, instruction)
            return
        with pytest.raises(NetworkFailed):
            networks.send("ee", Route.FIRST, instruction)

    def test_a_failing_route_leaves_the_other_alone(self, networks: Networks, other_end: NetworkOtherEnd) -> None:
        other_end.make_it_fail("ee", Route.FIRST)
        alert = an_alert(networks.profile("ee"))

        with pytest.raises(NetworkFailed, match=r"."):
            networks.send("ee", Route.FIRST, alert)

        assert not other_end.taken("ee")
        self._send(networks, "ee", Route.SECOND, alert)
        assert list(other_end.taken("ee")) == [alert.identifier] * self.connected

    def test_a_failing_network_leaves_the_others_alone(self, networks: Networks, other_end: NetworkOtherEnd) -> None:
        other_end.make_it_fail("ee")

        self._send(networks, "o2", Route.FIRST, an_alert(networks.profile("o2")))

        for route in Route:
            with pytest.raises(NetworkFailed):
                networks.send("ee", route, an_alert(networks.profile("ee")))

    def test_it_may_fail_for_a_while_and_recover(self, networks: Networks, other_end: NetworkOtherEnd) -> None:
        other_end.make_it_fail("vodafone", Route.FIRST, times=2)
        alert = an_alert(networks.profile("vodafone"))

        for _ in range(2):
            with pytest.raises(NetworkFailed):
                networks.send("vodafone", Route.FIRST, alert)

        self._send(networks, "vodafone", Route.FIRST, alert)

    def test_a_lost_acknowledgement_is_a_failure_and_the_same_again_succeeds(
        self, networks: Networks, other_end: NetworkOtherEnd
    ) -> None:
        other_end.make_it_lose_the_acknowledgement("three", Route.FIRST, times=1)
        alert = an_alert(networks.profile("three"))

        with pytest.raises(NetworkFailed):
            networks.send("three", Route.FIRST, alert)

        assert list(other_end.taken("three")) == [alert.identifier] * self.connected
        self._send(networks, "three", Route.SECOND, alert)
        assert list(other_end.taken("three")) == [alert.identifier] * self.connected
