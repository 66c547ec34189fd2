import pytest

BOTH = {
    "NOTIFY_SMS": "mmg,firetext",
    "NOTIFY_SMS_MMG_URL": "http://127.0.0.1:1",
    "NOTIFY_SMS_MMG_API_KEY": "word",
    "NOTIFY_SMS_FIRETEXT_URL": "http://127.0.0.1:1",
    "NOTIFY_SMS_FIRETEXT_API_KEY": "word",
}


@pytest.fixture
def providers(migrated):
    def run(*arguments):
        rows = migrated.document("providers", *arguments, **BOTH)
        return {row["supplier"]: (row["in_use"], row["points"], row["resting"]) for row in rows}

    return run


def test_suppliers_share_texts_out_equally_until_somebody_says_otherwise(providers):
    assert providers("list") == {"firetext": (True, 50, 50), "mmg": (True, 50, 50)}
    assert providers("set", "mmg=70", "firetext=30") == {"firetext": (True, 30, 30), "mmg": (True, 70, 70)}
    assert providers("list")["mmg"] == (True, 70, 70)


def test_a_supplier_is_taken_out_of_use_and_back(providers, migrated):
    assert providers("deactivate", "mmg")["mmg"] == (False, 50, 50)
    refused = migrated.notify("providers", "deactivate", "firetext", **BOTH)
    assert (refused.returncode, refused.stderr) == (1, "notify: firetext is the only sms supplier in use\n")
    assert providers("activate", "mmg")["mmg"] == (True, 50, 50)


@pytest.mark.parametrize("points", [("mmg=70",), ("mmg=70", "firetext=40"), ("mmg",), ("mmg=x", "firetext=1")])
def test_points_that_make_no_sense_are_refused(providers, migrated, points):
    refused = migrated.notify("providers", "set", *points, **BOTH)
    assert refused.returncode == 1
    assert refused.stderr.startswith("notify: ")
    assert providers("list")["mmg"] == (True, 50, 50)


def test_people_get_a_table(migrated):
    assert "mmg" in migrated.done("providers", "list", **BOTH)
