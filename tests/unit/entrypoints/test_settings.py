import stat
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notify_core.ports.tickets import TicketPriority
from notify_entrypoints.containers import Container
from notify_entrypoints.settings import Environment, SettingsError, load_settings
from notify_entrypoints.settings.variables import PORTS, VARIABLES

SECRETS = {"NOTIFY_SECRET_KEYS": f"{'1' * 32},{'2' * 32}", "NOTIFY_ADMIN_SECRETS": "a" * 32}
LIVE = {**SECRETS, "NOTIFY_ENVIRONMENT": "live", "NOTIFY_ALLOW_FAKES": "true"}


@pytest.fixture
def load(tmp_path):
    def load(*, without_secrets=False, given=None, **environ):
        usual = {"NOTIFY_DATA_DIR": str(tmp_path / "data"), **({} if without_secrets else SECRETS)}
        return load_settings({**usual, **environ}, given=given)

    return load


def names(loaded, port):
    return [choice.name for choice in loaded.adapters[port]]


def options(loaded, port, number=0):
    return loaded.adapters[port][number].options


class TestDefaults:
    def test_everything_runs_on_this_machine_with_fakes(self, load, tmp_path):
        loaded = load()

        assert loaded.environment is Environment.DEVELOPMENT
        assert not loaded.live
        assert loaded.data_dir == tmp_path / "data"
        assert loaded.database_url == f"sqlite:///{tmp_path / 'data' / 'notify.db'}"
        assert loaded.embedded_database
        assert (loaded.host, loaded.port) == ("127.0.0.1", 6011)
        assert loaded.api_base_url == "http://127.0.0.1:6011"
        assert loaded.admin_base_url == "http://localhost:6012"
        assert loaded.email_domain == "notify.localhost"
        assert loaded.runbook_url is None
        assert loaded.app_name == "api"
        assert loaded.log_format == "text"
        assert not loaded.private_callbacks
        usual = {
            "task_queue": ["embedded"],
            "cbc": ["fake"],
            "sms": ["fake"],
            "sms_receipts": ["mmg", "firetext"],
            "sms_inbound": ["mmg", "firetext"],
            "email": ["fake"],
            "email_receipts": ["fake"],
            "callbacks": ["http"],
            "rate_limiter": ["memory"],
            "tickets": ["console"],
            "metrics": ["none"],
            "heartbeats": ["none"],
        }
        assert {port: names(loaded, port) for port in usual} == usual

    def test_received_texts_have_the_options_of_their_supplier(self, load):
        loaded = load(NOTIFY_SMS_MMG_INBOUND_PASSWORD="a,b", NOTIFY_SMS_MMG_INBOUND_USERNAME="mmg")
        assert options(loaded, "sms_inbound")["inbound_password"] == "a,b"

    def test_of_broadcasts(self, load):
        loaded = load()

        assert loaded.broadcast_duration == timedelta(hours=4)
        assert loaded.broadcast_headline == "GOV.UK Notify Broadcast"
        assert loaded.broadcast_sender == "broadcasts@notifications.service.gov.uk"
        assert loaded.broadcast_ticket_priority is TicketPriority.P1

    def test_the_data_directory_is_relative_to_where_the_process_started(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        assert load_settings(SECRETS).data_dir == tmp_path / ".notify"

    def test_a_variable_set_to_nothing_is_not_set(self, load):
        assert load(NOTIFY_PORT="  ", NOTIFY_SMS="").port == 6011

    def test_every_adapter_is_told_what_all_are_told(self, load, tmp_path):
        loaded = load(NOTIFY_APP_NAME="worker", NOTIFY_EMAIL_DOMAIN="example.gov.uk")

        assert options(loaded, "cbc") == {
            "data_dir": str(tmp_path / "data"),
            "environment": "development",
            "app_name": "worker",
            "api_base_url": "http://127.0.0.1:6011",
            "admin_base_url": "http://localhost:6012",
            "email_domain": "example.gov.uk",
        }

    def test_outside_development_log_lines_are_json(self, load):
        assert load(**LIVE).log_format == "json"
        assert load(**LIVE, NOTIFY_LOG_FORMAT="text").log_format == "text"

    def test_the_process_own_environment_is_read_when_none_is_given(self, monkeypatch, tmp_path):
        monkeypatch.setenv("NOTIFY_PORT", "6099")
        monkeypatch.setenv("NOTIFY_DATA_DIR", str(tmp_path))
        assert load_settings().port == 6099


class TestAddresses:
    @pytest.mark.parametrize(
        ("host", "address"),
        [
            ("0.0.0.0", "http://127.0.0.1:6011"),  # noqa: S104 - nothing is bound here
            ("::", "http://[::1]:6011"),
            ("::1", "http://[::1]:6011"),
            ("notify.internal", "http://notify.internal:6011"),
        ],
    )
    def test_the_address_served_is_the_one_in_links(self, load, host, address):
        assert load(NOTIFY_HOST=host).api_base_url == address

    def test_a_slash_at_the_end_is_dropped(self, load):
        loaded = load(NOTIFY_API_BASE_URL="https://api.example/", NOTIFY_ADMIN_BASE_URL="https://admin.example/")
        assert (loaded.api_base_url, loaded.admin_base_url) == ("https://api.example", "https://admin.example")

    @pytest.mark.parametrize("variable", ["NOTIFY_API_BASE_URL", "NOTIFY_ADMIN_BASE_URL", "NOTIFY_RUNBOOK_URL"])
    @pytest.mark.parametrize("text", ["api.example", "ftp://api.example", "https://", "http://[::1"])
    def test_an_address_is_one_of_the_web(self, load, variable, text):
        with pytest.raises(SettingsError, match=f"{variable}=.* is not an address that begins with http"):
            load(**{variable: text})

    def test_the_command_line_wins(self, load):
        assert load(NOTIFY_PORT="1", given={"NOTIFY_PORT": "2"}).port == 2


class TestValues:
    @pytest.mark.parametrize(
        ("text", "duration"),
        [
            ("90m", timedelta(minutes=90)),
            ("4h", timedelta(hours=4)),
            ("4 h", timedelta(hours=4)),
            ("3600", timedelta(hours=1)),
            ("45s", timedelta(seconds=45)),
            ("720h", timedelta(days=30)),
        ],
    )
    def test_durations(self, load, text, duration):
        assert load(NOTIFY_TASK_LEASE=text).task_lease == duration

    @pytest.mark.parametrize("text", ["soon", "4 hours", "1.5h", "-4h", "0", "0m", "721h", "9999999h", "4h30m", "٤h"])
    def test_what_is_no_duration(self, load, text):
        with pytest.raises(SettingsError, match=r"NOTIFY_TASK_LEASE=.*such as 90m, 4h or 3600 .*, at most 30 d"):
            load(NOTIFY_TASK_LEASE=text)

    @pytest.mark.parametrize("text", ["5m", "1350m"])
    def test_how_long_an_alert_may_last(self, load, text):
        assert load(NOTIFY_BROADCAST_DURATION=text).broadcast_duration == timedelta(minutes=int(text[:-1]))

    @pytest.mark.parametrize("text", ["4", "299s", "81001", "30h"])
    def test_how_long_no_alert_may_last(self, load, text):
        """Where it were taken, nobody could approve an alert whose author did not say how long it lasts."""
        with pytest.raises(SettingsError, match=r"BROADCAST_DURATION=.*seconds\), at least 5 minutes, at most 22 h"):
            load(NOTIFY_BROADCAST_DURATION=text)

    @pytest.mark.parametrize("text", ["port", "0", "-1", "65536", "60.11", "6_011", "٦٠١١", "9" * 5000])
    def test_what_is_no_port(self, load, text):
        with pytest.raises(SettingsError, match=r"^NOTIFY_PORT=.* is not a whole number from 1 to 65535$"):
            load(NOTIFY_PORT=text)

    @pytest.mark.parametrize("text", ["yes", "1", "on"])
    def test_what_is_neither_true_nor_false(self, load, text):
        with pytest.raises(SettingsError, match=r"NOTIFY_ALLOW_FAKES='.*' is not true or false"):
            load(**{**LIVE, "NOTIFY_ALLOW_FAKES": text})

    @pytest.mark.parametrize(
        ("variable", "listed"),
        [
            ("NOTIFY_ENVIRONMENT", "development, test, preview, staging, live"),
            ("NOTIFY_LOG_FORMAT", "text, json"),
            ("NOTIFY_BROADCAST_TICKET_PRIORITY", "p1, normal"),
        ],
    )
    def test_a_word_that_is_not_one_of_those_there_are(self, load, variable, listed):
        with pytest.raises(SettingsError, match=f"^{variable}='wrong' is not one of {listed}$"):
            load(**{variable: "wrong"})

    @given(text=st.text(max_size=20))
    @settings(max_examples=200)
    def test_any_text_is_a_port_or_refused_in_one_line(self, text):
        environ = {**SECRETS, "NOTIFY_PORT": text, "NOTIFY_BROADCAST_DURATION": text, "NOTIFY_TASK_LIMIT_PER_KEY": text}
        refused, loaded = None, None
        try:
            loaded = load_settings(environ)
        except SettingsError as error:
            refused = str(error)
        assert "\n" not in refused if refused else 1 <= loaded.port <= 65535


class TestAdapters:
    def test_an_adapter_is_chosen_by_its_name_with_its_options(self, load):
        loaded = load(NOTIFY_TICKETS="zendesk", NOTIFY_TICKETS_URL="https://z.example", NOTIFY_TICKETS_API_KEY="k")

        assert names(loaded, "tickets") == ["zendesk"]
        own = options(loaded, "tickets").items() - options(loaded, "cbc").items()
        assert own == {("url", "https://z.example"), ("api_key", "k")}

    def test_several_suppliers_have_options_of_their_own(self, load):
        loaded = load(
            NOTIFY_SMS="firetext, mmg,,mmg",
            NOTIFY_SMS_MMG_URL="https://mmg.example",
            NOTIFY_SMS_MMG_API_KEY="m",
            NOTIFY_SMS_FIRETEXT_URL="https://firetext.example",
            NOTIFY_SMS_FIRETEXT_API_KEY="f",
        )

        assert names(loaded, "sms") == ["firetext", "mmg"]
        assert options(loaded, "sms", 0)["api_key"] == "f"
        assert options(loaded, "sms", 1)["api_key"] == "m"
        assert options(loaded, "sms", 1)["url"] == "https://mmg.example"

    def test_a_supplier_that_is_out_of_the_list_for_a_while_keeps_its_options(self, load):
        loaded = load(NOTIFY_SMS="firetext", NOTIFY_SMS_MMG_URL="https://mmg.example")
        assert names(loaded, "sms") == ["firetext"]

    @pytest.mark.parametrize(
        ("variable", "message"),
        [
            ("NOTIFY_CBC", r"NOTIFY_CBC: 'nosuch' is not installed; known are: disabled, fake, lambda"),
            ("NOTIFY_SMS", r"NOTIFY_SMS: 'nosuch' is not installed; known are: fake, firetext, mmg"),
            ("NOTIFY_TICKETS", r"NOTIFY_TICKETS: 'nosuch' .*console, memory, zendesk"),
        ],
    )
    def test_an_unknown_adapter(self, load, variable, message):
        with pytest.raises(SettingsError, match=message):
            load(**{variable: "nosuch"})

    @pytest.mark.parametrize("text", ["console,zendesk", ","])
    def test_a_port_for_one_adapter_takes_one(self, load, text):
        with pytest.raises(SettingsError, match="NOTIFY_TICKETS takes one adapter; known are: console, memory, zend"):
            load(NOTIFY_TICKETS=text)

    @pytest.mark.parametrize(
        ("environ", "message"),
        [
            (
                {"NOTIFY_TICKETS": "zendesk", "NOTIFY_TICKETS_URI": "x"},
                "NOTIFY_TICKETS_URI is not an option of zendesk; known are: NOTIFY_TICKETS_URL, NOTIFY_TICKETS_EMAIL",
            ),
            ({"NOTIFY_TICKETS_URL": "x"}, "NOTIFY_TICKETS_URL is not an option of console; known are: none"),
            (
                {"NOTIFY_SMS": "mmg", "NOTIFY_SMS_MMG_KEY": "x"},
                "NOTIFY_SMS_MMG_KEY is not an option of mmg; known are: NOTIFY_SMS_MMG_URL, NOTIFY_SMS_MMG_API_KEY",
            ),
            ({"NOTIFY_SMS_MMG_KEY": "x"}, "NOTIFY_SMS_MMG_KEY is not an option of mmg"),
            ({"NOTIFY_SMS_PIGEON_KEY": "x"}, "NOTIFY_SMS_PIGEON_KEY is not a variable of Notify"),
            ({"NOTIFY_TICKETS_DATA_DIR": "x"}, "NOTIFY_TICKETS_DATA_DIR is not an option of console"),
        ],
    )
    def test_an_unknown_option(self, load, environ, message):
        with pytest.raises(SettingsError) as refused:
            load(**environ)
        assert str(refused.value).startswith(message)

    def test_an_unknown_variable_lists_the_known_ones(self, load):
        with pytest.raises(SettingsError) as refused:
            load(NOTIFY_DATADIR="x")

        message = str(refused.value)
        assert message.startswith("NOTIFY_DATADIR is not a variable of Notify (did you mean NOTIFY_DATA_DIR?); known")
        for known in (*(variable.name for variable in VARIABLES), *(port.variable for port in PORTS)):
            assert known in message

    def test_private_callbacks_are_refused_in_live_even_with_fakes(self, load):
        with pytest.raises(SettingsError, match="NOTIFY_CALLBACKS_ALLOW_PRIVATE_ADDRESSES=true is refused in live"):
            load(**LIVE, NOTIFY_CALLBACKS_ALLOW_PRIVATE_ADDRESSES="true")
        assert load(**LIVE, NOTIFY_CALLBACKS_ALLOW_PRIVATE_ADDRESSES="false").live

    @pytest.mark.parametrize(
        ("text", "private"), [("true", True), ("yes", True), ("1", True), ("false", False), ("", False)]
    )
    def test_private_addresses_are_understood_as_their_adapter_does(self, load, text, private):
        assert load(NOTIFY_CALLBACKS_ALLOW_PRIVATE_ADDRESSES=text).private_callbacks is private

    def test_variables_of_the_tests_are_nobodys_business(self, load):
        assert load(NOTIFY_TEST_POSTGRESQL_URL="x", OTHER="y").port == 6011

    def test_the_email_adapter_is_not_given_what_only_looks_like_its_options(self, load):
        loaded = load(
            NOTIFY_EMAIL_DOMAIN="example.gov.uk",
            NOTIFY_EMAIL_RECEIPTS="ses",
            NOTIFY_EMAIL_RECEIPTS_SES_TIMEOUT="3",
            NOTIFY_EMAIL_RECEIPT_DELAY="2",
        )

        assert options(loaded, "email").keys() - options(loaded, "cbc").keys() == {"receipt_delay"}
        assert loaded.email_domain == "example.gov.uk"
        assert names(loaded, "email_receipts") == ["ses"]
        assert options(loaded, "email_receipts")["timeout"] == "3"


DOVE = """
from types import SimpleNamespace

def build(options):
    return SimpleNamespace(name="dove")
"""


class TestStrangersAdapters:
    MODULE = "def build(options):\n    return options\n"

    def test_one_that_declares_no_options_may_be_given_any(self, load, a_distribution):
        a_distribution(
            "notify-pigeon", {"notify_pigeon": self.MODULE}, "[notify.adapters.email]\npigeon = notify_pigeon:build\n"
        )
        loaded = load(NOTIFY_EMAIL="pigeon", NOTIFY_EMAIL_WINGS="2", NOTIFY_EMAIL_DOMAIN="a.example")

        assert options(loaded, "email")["wings"] == "2"
        assert names(loaded, "email_receipts") == [], "nobody understands its receipts"

    def test_whoever_sends_by_a_real_supplier_is_answered_by_it(self, load, a_distribution):
        points = (
            "[notify.adapters.email]\npigeon = notify_pigeon:build\n"
            "[notify.adapters.email_receipts]\npigeon = notify_pigeon:build\n"
        )
        a_distribution("notify-pigeon", {"notify_pigeon": self.MODULE}, points)
        assert names(load(NOTIFY_EMAIL="pigeon"), "email_receipts") == ["pigeon"]

    def test_a_hyphen_in_its_name_is_an_underline_in_its_variables(self, load, a_distribution):
        a_distribution(
            "notify-pigeon",
            {"notify_pigeon": self.MODULE},
            "[notify.adapters.sms]\nblue-pigeon = notify_pigeon:build\n",
        )
        loaded = load(NOTIFY_SMS="blue-pigeon", NOTIFY_SMS_BLUE_PIGEON_WINGS="2")
        assert options(loaded, "sms")["wings"] == "2"

    def test_one_without_its_library_stops_only_those_who_choose_it(self, load, a_distribution):
        a_distribution(
            "notify-pigeon",
            {"notify_pigeon": "import nosuchlibrary\n"},
            "[notify.adapters.sms]\npigeon = notify_pigeon:build\n",
        )
        assert names(load(NOTIFY_SMS_PIGEON_WINGS="2"), "sms") == ["fake"]
        chosen = load(NOTIFY_SMS="pigeon", NOTIFY_SMS_PIGEON_WINGS="2")
        with pytest.raises(SettingsError, match="NOTIFY_SMS: adapter 'pigeon' needs the library nosuchlibrary"):
            Container(settings=chosen).sms()

    def test_one_that_is_chosen_by_another_name_than_its_own(self, load, a_distribution):
        point = "[notify.adapters.sms]\npigeon = notify_pigeon:build\n"
        a_distribution("notify-pigeon", {"notify_pigeon": DOVE}, point)
        with pytest.raises(SettingsError, match="NOTIFY_SMS=pigeon calls itself dove"):
            Container(settings=load(NOTIFY_SMS="pigeon")).sms()


class TestFakes:
    def test_live_leaves_them_to_whoever_uses_them(self, load):
        loaded = load(**{**LIVE, "NOTIFY_ALLOW_FAKES": "false"})
        assert loaded.refuses_fakes
        assert names(loaded, "cbc") == ["fake"]

    def test_live_takes_them_when_told_to(self, load):
        loaded = load(**LIVE)
        assert loaded.live
        assert names(loaded, "cbc") == ["fake"]

    @pytest.mark.parametrize("environment", ["development", "test", "preview", "staging"])
    def test_others_take_them(self, load, environment):
        assert names(load(NOTIFY_ENVIRONMENT=environment), "cbc") == ["fake"]


class TestSecrets:
    def test_the_lists_in_their_order(self, load):
        loaded = load(NOTIFY_SECRET_KEYS=" a , b,", NOTIFY_ADMIN_SECRETS="c")
        assert (loaded.secret_keys, loaded.admin_secrets) == (("a", "b"), ("c",))

    @pytest.mark.parametrize("environment", ["test", "preview", "staging", "live"])
    @pytest.mark.parametrize("variable", ["NOTIFY_SECRET_KEYS", "NOTIFY_ADMIN_SECRETS"])
    def test_who_needs_them_outside_development_says_so(self, load, environment, variable):
        given = {**LIVE, "NOTIFY_ENVIRONMENT": environment, variable: ""}
        loaded = load(without_secrets=True, **given)
        needed = loaded.needed_secret_keys if variable == "NOTIFY_SECRET_KEYS" else loaded.needed_admin_secrets
        with pytest.raises(SettingsError, match=f"^{variable} must be set in {environment}: a comma-.*makes one$"):
            needed()

    def test_who_does_not_need_them_starts_without(self, load):
        none = {"NOTIFY_SECRET_KEYS": "", "NOTIFY_ADMIN_SECRETS": ""}
        loaded = load(without_secrets=True, **{**LIVE, **none, "NOTIFY_ENVIRONMENT": "staging"})
        assert (loaded.secret_keys, loaded.admin_secrets) == ((), ())

    @pytest.mark.parametrize("environment", ["test", "preview", "staging", "live"])
    @pytest.mark.parametrize("variable", ["NOTIFY_SECRET_KEYS", "NOTIFY_ADMIN_SECRETS"])
    def test_one_that_could_be_guessed_is_refused_outside_development(self, load, environment, variable):
        given = {**LIVE, "NOTIFY_ENVIRONMENT": environment, variable: f"{'x' * 32},{'hush' * 7}"}
        with pytest.raises(SettingsError) as refused:
            load(**given)
        assert str(refused.value) == (
            f"{variable}: secret 2 of 2 has 28 bytes, which is too few to be safe in {environment}: at least 32 that "
            """nobody can guess, such as `python -c 'import secrets; print(secrets.token_hex(32))'` makes"""
        )

    def test_development_takes_any(self, load):
        assert load(NOTIFY_ADMIN_SECRETS="short").admin_secrets == ("short",)

    def test_a_list_of_nothing_is_no_list(self, load):
        with pytest.raises(SettingsError, match="NOTIFY_SECRET_KEYS holds no secret"):
            load(NOTIFY_SECRET_KEYS=",")

    def test_development_makes_them_once_for_its_owner_alone(self, load, tmp_path):
        first, second = load(without_secrets=True), load(without_secrets=True)

        file = tmp_path / "data" / "secrets.json"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
        assert [path.name for path in file.parent.iterdir()] == ["secrets.json"]
        assert len(first.secret_keys[0]) == len(first.admin_secrets[0]) == 64
        assert first.secret_keys[0] != first.admin_secrets[0]
        assert (first.secret_keys, first.admin_secrets) == (second.secret_keys, second.admin_secrets)

    def test_nothing_is_written_where_they_are_given(self, load, tmp_path):
        load()
        assert not (tmp_path / "data").exists()

    def test_they_never_print(self, load):
        secrets = {
            "NOTIFY_SECRET_KEYS": "hush-1",
            "NOTIFY_ADMIN_SECRETS": "hush-2",
            "NOTIFY_DATABASE_URL": "postgresql+psycopg://notify:hush-3@db/notify",
            "NOTIFY_TICKETS": "zendesk",
            "NOTIFY_TICKETS_API_KEY": "hush-4",
            "NOTIFY_SMS_MMG_API_KEY": "hush-5",
            "NOTIFY_SMS": "mmg",
        }
        loaded = load(**secrets)
        assert "hush" not in f"{loaded} {loaded!r} {loaded.adapters}"
        for wrong in (
            {"NOTIFY_NOSUCH": "hush"},
            {"NOTIFY_PORT": "x"},
            {"NOTIFY_CBC": "x"},
            {"NOTIFY_TICKETS_X": "hush"},
        ):
            with pytest.raises(SettingsError) as refused:
                load(**{**secrets, **wrong})
            assert "hush" not in str(refused.value)


class TestFile:
    @pytest.fixture
    def load_file(self, load, tmp_path):
        def load_file(text, **environ):
            file = tmp_path / "notify.toml"
            file.write_text(text)
            return load(NOTIFY_CONFIG=str(file), **environ)

        return load_file

    TEXT = """
        port = 7001
        broadcast_duration = "90m"

        [tickets]
        adapter = "zendesk"
        url = "https://z.example"
        group_id = 17

        [sms]
        adapter = ["mmg", "firetext"]
        [sms.mmg]
        api_key = "m"
        timeout = 2.5
        [sms.firetext]
        url = "https://f.example"

        [callbacks]
        allow_private_addresses = true

        [cbc]
        enabled = ["ee", "o2"]
    """

    def test_holds_the_same_names_nested(self, load_file):
        loaded = load_file(self.TEXT)

        assert loaded.port == 7001
        assert loaded.broadcast_duration == timedelta(minutes=90)
        assert names(loaded, "tickets") == ["zendesk"]
        assert options(loaded, "tickets")["group_id"] == "17"
        assert names(loaded, "sms") == ["mmg", "firetext"]
        assert options(loaded, "sms", 0)["timeout"] == "2.5"
        assert options(loaded, "sms", 1)["url"] == "https://f.example"
        assert options(loaded, "cbc")["enabled"] == "ee,o2"
        assert loaded.private_callbacks

    def test_the_environment_wins(self, load_file):
        loaded = load_file(
            self.TEXT, NOTIFY_PORT="7002", NOTIFY_TICKETS_URL="https://other.example", NOTIFY_SMS="firetext"
        )
        assert loaded.port == 7002
        assert options(loaded, "tickets")["url"] == "https://other.example"
        assert names(loaded, "sms") == ["firetext"]

    def test_may_have_everything_in_a_table_of_the_platforms_name(self, load_file):
        loaded = load_file('[notify]\nport = 7003\n[notify.tickets]\nadapter = "memory"\n')
        assert loaded.port == 7003
        assert names(loaded, "tickets") == ["memory"]

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("port = ", "is not TOML: Invalid value"),
            ("prot = 1", "NOTIFY_PROT is not a variable of Notify"),
            ('adapter = "x"', "NOTIFY_ADAPTER is not a variable"),
            ('notify = "x"', "NOTIFY is not a variable"),
            ("[tickets]\nurl = 1", "NOTIFY_TICKETS_URL is not an option of console"),
            ("port = 2026-01-01", "NOTIFY_PORT must be a text, a number, true, false or a list of them"),
            ("port = [[1]]", "NOTIFY_PORT must be a text"),
            ("[[port]]", "NOTIFY_PORT must be a text"),
            ("port = 1\n[notify]\nport = 2", "gives NOTIFY_PORT twice"),
        ],
    )
    def test_a_mistake_in_it_is_named(self, load_file, text, message):
        with pytest.raises(SettingsError) as refused:
            load_file(text)
        assert message in str(refused.value)

    def test_that_is_not_there(self, load, tmp_path):
        with pytest.raises(SettingsError, match=r"NOTIFY_CONFIG: .*/none.toml cannot be read: No such file"):
            load(NOTIFY_CONFIG=str(tmp_path / "none.toml"))

    def test_that_is_no_text(self, load, tmp_path):
        file = Path(tmp_path / "notify.toml")
        file.write_bytes(b"\xff\xfe")
        with pytest.raises(SettingsError, match="is not TOML"):
            load(NOTIFY_CONFIG=str(file))
