import json

import pytest

TOML = """
[[services]]
name = "City Library"
permissions = ["sms", "email"]
email_from = "library"

[[services.api_keys]]
name = "press"
key_type = "normal"

[[services.templates]]
name = "Ready"
type = "sms"
content = "Hello ((name))"
"""


@pytest.fixture
def provision(migrated):
    def provision(text, *arguments, name="services.toml"):
        (migrated.folder / name).write_text(text)
        return migrated.done("provision", name, *arguments)

    return provision


@pytest.fixture
def refuse(migrated):
    def refuse(text, name="services.toml"):
        (migrated.folder / name).write_text(text)
        return migrated.refused("provision", name)

    return refuse


def test_twice_changes_nothing_and_secrets_are_told_once(provision):
    first, second = provision(TOML), provision(TOML)

    (issued,) = [line for line in first.splitlines() if line.endswith("(shown this once)")]
    assert issued.startswith("City Library: api key press: press-")
    assert second == "Everything is as the file says.\n"


def test_as_json(provision):
    first, second = json.loads(provision(TOML, "--json")), json.loads(provision(TOML, "--json"))

    assert [change.split(" created ")[0] for change in first["changes"]] == ["service", "api key", "template"]
    (issued,) = first["issued"]
    assert issued["service"] == "City Library"
    assert issued["text"].startswith("press-")
    assert second == {"changes": [], "issued": []}


def test_a_json_file(provision):
    said = provision('{"services": [{"name": "City Library", "permissions": []}]}', name="services.json")
    assert said.startswith("service created ")


def test_changed_content_is_the_next_version(provision):
    provision(TOML)
    said = provision(TOML.replace("Hello", "Dear"))
    assert len(said.splitlines()) == 1
    assert said.startswith("template ")


class TestMistakes:
    @pytest.mark.parametrize(
        ("before", "after", "said"),
        [
            (
                "email_from",
                "emailfrom",
                "services.toml, line 5: services[0].emailfrom: unknown key; known are active, ",
            ),
            ('"normal"', '"odd"', "services.toml, line 9: services[0].api_keys[0].key_type: must be one of normal, "),
            ('type = "sms"', 'kind = "sms"', "services.toml, line 13: services[0].templates[0].kind: unknown key"),
            ("[[services]]", "[[service]]", "services.toml, line 2: service: unknown key; known are rates, services"),
            ('name = "City Library"', "name = 7", "services.toml, line 3: services[0].name: must be a text"),
            ('name = "City Library"', "", "services.toml, line 2: services[0].name: is missing"),
            ("[[services]]", "[[services]", "services.toml is not TOML: Expected ']]'"),
        ],
    )
    def test_in_toml_are_told_with_their_line(self, refuse, before, after, said):
        assert refuse(TOML.replace(before, after, 1)).startswith(said)

    def test_of_the_second_service(self, refuse):
        second = TOML.replace("City", "Town").replace("email_from", "emailfrom")
        assert refuse(TOML + second).startswith("services.toml, line 19: services[1].emailfrom: ")

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ('{"services": [\n{"name": "a"},\n{"name":\n 7}]}', "services.json, line 4: services[1].name: must be a"),
            ('{\n"services": 7}', "services.json, line 2: services: must be a list"),
            ("[]", "services.json must hold an object with a list of services"),
            ("{", "services.json is not JSON: Expecting property name"),
        ],
    )
    def test_in_json_are_told_with_their_line(self, refuse, text, said):
        assert refuse(text, name="services.json").startswith(said)

    def test_nothing_of_such_a_file_is_applied(self, refuse, migrated):
        refuse(TOML + TOML.replace("City", "Town").replace("email_from", "emailfrom"))
        (migrated.folder / "good.toml").write_text(TOML)
        assert "service created" in migrated.done("provision", "good.toml")

    def test_a_file_that_cannot_be_read(self, migrated):
        assert migrated.refused("provision", "none.toml") == "none.toml cannot be read: No such file or directory"
        assert migrated.refused("provision", ".") == ". cannot be read: Is a directory"
        (migrated.folder / "bytes.toml").write_bytes(b"\xff\xfe")
        assert migrated.refused("provision", "bytes.toml") == "bytes.toml is not UTF-8 (byte 0)"
