import pytest

from notify_entrypoints.plugins import (
    BrokenAdapter,
    MissingLibrary,
    UnknownAdapter,
    installed,
    load_build,
    option_names,
)

GROUP = "notify.adapters.tickets"


def test_those_installed_are_known_in_alphabetical_order(a_distribution):
    a_distribution("notify-abacus", {}, f"[{GROUP}]\nabacus = notify_abacus:build\n")
    names = list(installed(GROUP))
    assert names == sorted(names)
    assert {"abacus", "console", "zendesk"} <= set(names)


def test_an_unknown_one_lists_the_known_ones():
    with pytest.raises(UnknownAdapter, match="'abacus' is not installed; known are: console, memory, zendesk"):
        load_build(GROUP, "abacus")


def test_a_port_without_any():
    with pytest.raises(UnknownAdapter, match="known are: none"):
        load_build("notify.adapters.nosuchport", "abacus")


@pytest.mark.parametrize(
    ("imported", "hint"),
    [
        ("nosuchlibrary.part", "needs the library nosuchlibrary: install nosuchlibrary"),
        ("phonenumbers_is_not_this", "install phonenumbers_is_not_this"),
    ],
)
def test_a_missing_library_is_named(a_distribution, imported, hint):
    a_distribution(
        "notify-abacus", {"notify_abacus": f"import {imported}\n"}, f"[{GROUP}]\nabacus = notify_abacus:build\n"
    )
    with pytest.raises(MissingLibrary) as refused:
        load_build(GROUP, "abacus")
    assert hint in str(refused.value)


@pytest.mark.parametrize(("library", "extra"), [("boto3.session", "aws"), ("statsd", "statsd"), ("celery", "celery")])
def test_a_missing_library_of_ours_is_named_with_its_extra(a_distribution, library, extra):
    # As Python says it where the library is not there.
    text = f"raise ModuleNotFoundError('No module', name={library!r})\n"
    a_distribution("notify-abacus", {"notify_abacus": text}, f"[{GROUP}]\nabacus = notify_abacus:build\n")
    with pytest.raises(MissingLibrary) as refused:
        load_build(GROUP, "abacus")
    name = library.partition(".")[0]
    assert str(refused.value) == (f"adapter 'abacus' needs the library {name}: pip install 'notify-platform[{extra}]'")


@pytest.mark.parametrize("text", ["", "from notify_core.ports.tickets import NoSuchThing\n"])
def test_a_module_that_is_not_as_advertised(a_distribution, text):
    a_distribution("notify-abacus", {"notify_abacus": text}, f"[{GROUP}]\nabacus = notify_abacus:build\n")
    with pytest.raises(BrokenAdapter, match=r"adapter 'abacus' \(notify_abacus:build\) cannot be loaded"):
        load_build(GROUP, "abacus")


def test_options_are_declared_beside_build(a_distribution):
    a_distribution(
        "notify-abacus",
        {
            "notify_abacus": "OPTIONS = {'beads': 'how many'}\ndef build(options):\n    return options\n",
            "notify_slate": "def build(options):\n    return options\n",
        },
        f"[{GROUP}]\nabacus = notify_abacus:build\nslate = notify_slate:build\n",
    )
    assert option_names(load_build(GROUP, "abacus")) == {"beads": "how many"}
    assert option_names(load_build(GROUP, "slate")) is None
