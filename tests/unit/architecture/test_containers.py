"""The wiring is a table from which every part can be made, in any order, and made late."""

import ast
import inspect
import subprocess
import sys
import threading
from types import MappingProxyType

import pytest
from dependency_injector import providers

from notify_core.testing.fakes.clock import FakeClock
from notify_entrypoints.containers import Container, platform
from notify_entrypoints.settings import SettingsError, load_settings
from notify_entrypoints.settings.variables import PORTS

NAMES = sorted(Container.providers)


@pytest.fixture
def settings(tmp_path):
    environ = {"NOTIFY_DATA_DIR": str(tmp_path / "data"), "NOTIFY_SECRET_KEYS": "k", "NOTIFY_ADMIN_SECRETS": "a"}
    return lambda **more: load_settings({**environ, **more})


@pytest.fixture
def container(settings):
    made = Container(settings=settings())
    yield made
    made.engine().dispose()


@pytest.mark.parametrize("name", NAMES)
def test_every_part_can_be_made_and_is_made_once(container, name):
    provider = container.providers[name]
    part = provider()
    assert part is not None
    assert provider() is part


def test_there_is_a_part_for_every_port():
    assert {port.name for port in PORTS} <= set(NAMES)


def test_two_platforms_share_no_part(settings):
    one, other = Container(settings=settings()), Container(settings=settings())
    plain = {"options", "worker", "settings"}
    for name in set(NAMES) - plain:
        part = one.providers[name]()
        # Equal small values (an empty tuple, say) are the interpreter's.
        assert part is not other.providers[name]() or part in ((), {}), name
    for made in (one, other):
        made.engine().dispose()


def test_nothing_is_made_before_it_is_asked_for(settings):
    chosen = settings()
    threads = threading.active_count()
    Container(settings=chosen)
    assert not chosen.data_dir.exists()
    assert threading.active_count() == threads


def test_a_part_is_replaced_on_an_instance_for_a_while(settings):
    one, other = Container(settings=settings()), Container(settings=settings())
    fixed = FakeClock()
    with one.clock.override(providers.Object(fixed)):
        assert one.clock() is fixed
        assert one.raise_ticket().clock is fixed
        assert other.raise_ticket().clock is not fixed
    assert one.clock() is not fixed


def test_the_table_decides_nothing():
    tree = ast.parse(inspect.getsource(platform))
    decisions = (ast.If, ast.IfExp, ast.Lambda, ast.For, ast.While, ast.Try, ast.BoolOp)
    assert [node.lineno for node in ast.walk(tree) if isinstance(node, decisions)] == []


PROGRAM = """
import os, sys
from notify_entrypoints.containers import Container, migrate
from notify_entrypoints.settings import load_settings

container = Container(settings=load_settings())
children = []
for _ in range(2):
    child = os.fork()
    if not child:
        migrate(container)
        assert container.ledger().depth() == {}
        os._exit(0)
    children.append(child)
sys.exit(any(os.waitpid(child, 0)[1] for child in children))
"""


def test_a_process_that_forks_makes_its_parts_afterwards(tmp_path):
    environ = {"NOTIFY_DATA_DIR": str(tmp_path), "NOTIFY_SECRET_KEYS": "k", "NOTIFY_ADMIN_SECRETS": "a"}
    command = [sys.executable, "-W", "error", "-c", PROGRAM]
    ran = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


class TestWhatDoesNotStart:
    def test_an_option_that_is_missing_is_named_with_its_variable(self, settings):
        made = Container(settings=settings(NOTIFY_TICKETS="zendesk"))
        with pytest.raises(SettingsError, match="NOTIFY_TICKETS=zendesk: NOTIFY_TICKETS_URL is required"):
            made.tickets()

    def test_also_where_several_adapters_may_be_chosen(self, settings):
        made = Container(settings=settings(NOTIFY_SMS="mmg", NOTIFY_SMS_MMG_URL="https://m.example"))
        with pytest.raises(SettingsError, match="NOTIFY_SMS=mmg: NOTIFY_SMS_MMG_API_KEY is required"):
            made.sms()

    def test_two_suppliers_of_one_name(self, settings):
        chosen = settings(NOTIFY_SMS="fake,mmg", NOTIFY_SMS_MMG_URL="https://m.example", NOTIFY_SMS_MMG_API_KEY="k")
        with pytest.raises(SettingsError, match="NOTIFY_SMS: two of those chosen stand for mmg; choose one of them"):
            Container(settings=chosen).sms()

    def test_a_place_that_cannot_be_written(self, settings, tmp_path):
        (tmp_path / "file").write_text("")
        made = Container(settings=settings(NOTIFY_DATA_DIR=str(tmp_path / "file" / "data")))
        with pytest.raises(SettingsError, match="NOTIFY_CBC=fake cannot start: "):
            made.cbc()

    @pytest.mark.parametrize(
        "url", ["nonsense", "mysql://u:hush@h/d", "nosuch://u:hush@h/d", "postgresql+nosuch://u:hush@h/d"]
    )
    def test_a_database_of_a_kind_that_there_is_not(self, settings, url):
        with pytest.raises(SettingsError, match="NOTIFY_DATABASE_URL") as refused:
            Container(settings=settings(NOTIFY_DATABASE_URL=url)).engine()
        assert "hush" not in str(refused.value)


class TestFakesInLive:
    LIVE = MappingProxyType(
        {"NOTIFY_ENVIRONMENT": "live", "NOTIFY_SECRET_KEYS": "k" * 32, "NOTIFY_ADMIN_SECRETS": "a" * 32}
    )

    def test_who_uses_one_is_told_what_else_there_is(self, settings):
        with pytest.raises(SettingsError) as refused:
            Container(settings=settings(**self.LIVE)).cbc()
        assert str(refused.value) == (
            "NOTIFY_CBC=fake is refused in live: it reaches nobody. Choose another "
            "(installed are: disabled, lambda), or set NOTIFY_ALLOW_FAKES=true"
        )

    @pytest.mark.parametrize("part", ["sms", "sms_names"])
    def test_one_among_several_is_one(self, settings, part):
        made = Container(settings=settings(**self.LIVE, NOTIFY_SMS="mmg,fake"))
        with pytest.raises(SettingsError, match="NOTIFY_SMS=fake is refused"):
            made.providers[part]()

    def test_who_does_not_use_it_is_not_refused(self, settings):
        made = Container(settings=settings(**self.LIVE))
        assert made.callbacks()

    def test_they_are_taken_when_told_to(self, settings):
        made = Container(settings=settings(**self.LIVE, NOTIFY_ALLOW_FAKES="true"))
        assert made.cbc().enabled()


class TestNamesOfSuppliers:
    def test_they_are_those_of_the_suppliers_themselves(self, settings):
        keys = {f"NOTIFY_SMS_{name}_{what}": "https://x" for name in ("MMG", "FIRETEXT") for what in ("URL", "API_KEY")}
        made = Container(settings=settings(NOTIFY_SMS="firetext,mmg", **keys))
        assert made.sms_names() == tuple(made.sms()) == ("firetext", "mmg")

    @pytest.mark.parametrize("dialect", ["mmg", "firetext"])
    def test_a_fake_has_that_of_whose_place_it_takes(self, settings, dialect):
        made = Container(settings=settings(NOTIFY_SMS_FAKE_DIALECT=dialect))
        assert made.sms_names() == tuple(made.sms()) == (dialect,)

    def test_they_take_no_keys(self, settings):
        assert Container(settings=settings(NOTIFY_SMS="firetext,mmg")).sms_names() == ("firetext", "mmg")

    def test_two_of_one_name(self, settings):
        with pytest.raises(SettingsError, match="NOTIFY_SMS: two of those chosen stand for mmg; choose one of them"):
            Container(settings=settings(NOTIFY_SMS="fake,mmg")).sms_names()


@pytest.mark.parametrize("address", ["printer", "@example.com", "post@", "a@b@c"])
def test_whom_to_tell_of_letters_must_be_addresses(settings, address):
    told = settings(NOTIFY_LETTER_PRINTER_VOLUMES_TO=f"post@printer.example.com,{address}")
    with pytest.raises(SettingsError, match=r"NOTIFY_LETTER_PRINTER_VOLUMES_TO has .* no email address"):
        Container(settings=told).letter_rules()
