"""What every network's profile must fit, ours and strangers'."""

from dataclasses import replace
from itertools import product

import pytest

from notify_core.accounts.model import BroadcastChannel
from notify_core.broadcasts.model import Language, Route
from notify_core.broadcasts.ports import NetworkProfile, Networks
from notify_core.testing.contracts.networks import a_cancellation, a_link_test, an_alert, an_update


class NetworkProfileContract:
    """Supply the ``profile`` and ``networks`` that know it and check what they are sent, as the fake ones do:
    those render the XML of every payload and refuse what its schema does not allow."""

    @pytest.fixture
    def profile(self) -> NetworkProfile:
        raise NotImplementedError

    @pytest.fixture
    def networks(self) -> Networks:
        raise NotImplementedError

    def test_is_known_by_its_name(self, profile: NetworkProfile, networks: Networks) -> None:
        assert networks.profile(profile.name) == profile

    def test_has_a_function_for_each_route(self, profile: NetworkProfile) -> None:
        assert len(set(profile.functions)) == len(Route)
        assert all(profile.functions)

    @pytest.mark.parametrize("route", Route)
    def test_takes_an_alert_its_updates_and_its_end(
        self, profile: NetworkProfile, networks: Networks, route: Route
    ) -> None:
        alert = an_alert(profile)
        first = an_update(profile, alert)
        second = an_update(profile, alert, first)
        for instruction in (alert, first, second, a_cancellation(profile, alert, first, second)):
            networks.send(profile.name, route, instruction)

    @pytest.mark.parametrize("route", Route)
    def test_takes_link_tests(self, profile: NetworkProfile, networks: Networks, route: Route) -> None:
        networks.send(profile.name, route, a_link_test(profile))

    @pytest.mark.parametrize(("channel", "language"), list(product(BroadcastChannel, Language)))
    def test_takes_every_channel_and_language(
        self, profile: NetworkProfile, networks: Networks, channel: BroadcastChannel, language: Language
    ) -> None:
        alert = replace(
            an_alert(profile), channel=channel, language=language, description='Ŵyt ti\'n iawn? <b> & "£5"\n[€]'
        )
        networks.send(profile.name, Route.FIRST, alert)

    def test_takes_many_areas(self, profile: NetworkProfile, networks: Networks) -> None:
        alert = an_alert(profile)
        areas = tuple(
            tuple((latitude + shift / 1_000_000, longitude) for latitude, longitude in polygon)
            for polygon in alert.simple_polygons
            for shift in range(100)
        )
        networks.send(profile.name, Route.FIRST, replace(alert, simple_polygons=areas))
