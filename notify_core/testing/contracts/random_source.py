"""How every source of chance behaves."""

from collections import Counter

import pytest

from notify_core.ports.random_source import RandomSource


class RandomSourceContract:
    """Supply ``random``."""

    @pytest.fixture
    def random(self) -> RandomSource:
        raise NotImplementedError

    def test_identities_are_version_4_and_differ(self, random: RandomSource) -> None:
        identities = [random.uuid() for _ in range(1000)]
        assert len(set(identities)) == 1000
        assert {identity.version for identity in identities} == {4}

    def test_chooses_in_proportion_to_the_weights(self, random: RandomSource) -> None:
        chosen = Counter(random.choose(["a", "b", "c"], [90, 10, 0]) for _ in range(2000))
        assert chosen["c"] == 0
        # Five standard deviations from the mean of 200.
        assert 130 < chosen["b"] < 270

    def test_the_only_choice_is_chosen(self, random: RandomSource) -> None:
        assert random.choose(["a"], [1]) == "a"

    @pytest.mark.parametrize(("choices", "weights"), [([], []), (["a", "b"], [0, 0])])
    def test_there_must_be_something_to_choose(
        self, random: RandomSource, choices: list[str], weights: list[int]
    ) -> None:
        with pytest.raises(ValueError):
            random.choose(choices, weights)
