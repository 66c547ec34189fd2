"""The official Node client, unmodified, against a server that does everything itself: each of its methods."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from uuid import uuid4

import pytest

from tests.integration.http.clients import ADDRESS, LETTER, NUMBER, World
from tests.integration.needed import missing
from tests.integration.uploads import an_upload
from tests.integration.waiting import eventually

HERE = Path(__file__).parent / "node_client"
FILES = ("package.json", "package-lock.json")
DRIVER = HERE / "drive.js"
PATIENCE = 60  # seconds that one answer may take


@pytest.fixture(scope="session")
def installed(request):
    """Where the client is, installed once from the lock file into the tests' cache."""
    if not all(map(shutil.which, ("node", "npm"))):
        missing("Node.js with npm")
    contents = b"".join((HERE / name).read_bytes() for name in FILES)
    cache = Path(request.config.cache.mkdir("notify-node-client"))
    place = cache / hashlib.sha256(contents).hexdigest()[:16]
    if not place.exists():
        # Made beside it and put there at once, as several test processes may want it.
        making = cache / f"making-{uuid4()}"
        making.mkdir()
        for name in FILES:
            shutil.copy(HERE / name, making)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        ran = subprocess.run(command, cwd=making, capture_output=True, text=True, timeout=100, check=False)
        assert ran.returncode == 0, ran.stderr
        try:
            making.rename(place)
        except OSError:
            shutil.rmtree(making)
    return place


class Refused(Exception):
    def __init__(self, status, body):
        super().__init__(f"{status} {body}")
        self.status, self.body = status, body


class NodeClient:
    """The client in a process of its own."""

    def __init__(self, place, root, api_key):
        self._process = subprocess.Popen(
            ["node", str(DRIVER), str(place / "package.json"), root, api_key],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={name: value for name, value in os.environ.items() if "proxy" not in name.lower()},
        )

    def __call__(self, method, *given):
        """What the method answers.

        :raises Refused: the server refused.
        """
        self._process.stdin.write(json.dumps({"method": method, "given": given}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert "broken" not in answer, answer["broken"]
        if "refusal" in answer:
            raise Refused(answer["status"], answer["refusal"])
        return answer.get("result")

    def close(self):
        self._process.stdin.close()
        self._process.wait(PATIENCE)
        self._process.stdout.close()


@pytest.fixture(scope="module")
def world(live):
    return World(live)


@pytest.fixture(scope="module")
def client(installed, live, world):
    client = NodeClient(installed, live.root, world.api_key)
    yield client
    client.close()


CALLS = {}


def call(method):
    """The function tries the client's ``method``."""

    def keep(tries):
        CALLS[method] = tries
        return tries

    return keep


def test_every_method_is_tried(client):
    assert set(client("methods")) - {"constructor"} == set(CALLS), "say here what a new method is called with"


@pytest.mark.parametrize("method", CALLS)
def test_every_method(world, client, method):
    CALLS[method](world, client)


@call("sendSms")
def send_sms(world, client):
    options = {"personalisation": {"name": "Grace"}, "reference": "case 1", "smsSenderId": str(world.sender.id)}
    sent = client("sendSms", str(world.text.id), NUMBER, options)
    assert sent["content"] == {"body": "Hello Grace", "from_number": "FLOODS"}
    eventually(lambda: client("getNotificationById", sent["id"])["status"] == "delivered")


@call("sendEmail")
def send_email(world, client):
    options = {
        "personalisation": {"name": "see evil.example"},
        "reference": "case 2",
        "emailReplyToId": str(world.reply_to.id),
        "oneClickUnsubscribeURL": "https://example.gov.uk/stop",
        "sanitiseContentFor": ["name"],
    }
    sent = client("sendEmail", str(world.email.id), ADDRESS, options)
    assert sent["content"]["one_click_unsubscribe_url"] == "https://example.gov.uk/stop"
    assert sent["sanitised_content"]["name"]["sanitised"] == "see evil. example"
    eventually(lambda: client("getNotificationById", sent["id"])["status"] == "delivered")


@call("sendLetter")
def send_letter(world, client):
    sent = client("sendLetter", str(world.letter.id), {"personalisation": LETTER, "reference": "case 3"})
    assert sent["reference"] == "case 3"
    assert sent["content"] == {"body": "Hello Grace", "subject": "About Grace"}
    assert client("getNotificationById", sent["id"])["status"] == "accepted"


@call("sendPrecompiledLetter")
def send_precompiled_letter(world, client):
    sent = client("sendPrecompiledLetter", "case 4", {"$file": encoded(an_upload())}, "first")
    assert sent == {"id": sent["id"], "reference": "case 4", "postage": "first"}
    eventually(lambda: client("getNotificationById", sent["id"])["status"] == "accepted")


@call("getPdfForLetterNotification")
def get_pdf(world, client):
    sent = client("sendLetter", str(world.letter.id), {"personalisation": LETTER})
    eventually(lambda: client("getNotificationById", sent["id"])["cost_details"] != {})
    read = client("getPdfForLetterNotification", sent["id"])
    assert base64.b64decode(read["$file"]).startswith(b"%PDF")
    with pytest.raises(Refused) as caught:
        client("getPdfForLetterNotification", next(iter(world.many)))
    assert caught.value.status == 400


@call("getReceivedTexts")
def get_received_texts(world, client):
    first = client("getReceivedTexts")["received_text_messages"]
    second = client("getReceivedTexts", first[-1]["id"])["received_text_messages"]
    assert (len(first), len(second)) == (250, 2)


@call("getNotificationById")
def get_notification(world, client):
    assert client("getNotificationById", next(iter(world.many)))["reference"] == world.reference
    with pytest.raises(Refused) as caught:
        client("getNotificationById", str(uuid4()))
    assert caught.value.body == {
        "status_code": 404,
        "errors": [{"error": "NoResultFound", "message": "No result found"}],
    }


@call("getNotifications")
def get_notifications(world, client):
    first = client("getNotifications", "sms", "delivered", world.reference)["notifications"]
    second = client("getNotifications", "sms", "delivered", world.reference, first[-1]["id"])["notifications"]
    assert len(first) == len(second) == 250
    assert {one["id"] for one in (*first, *second)} < world.many


@call("getTemplateById")
def get_template(world, client):
    assert client("getTemplateById", str(world.text.id))["body"] == "Hello ((name))"


@call("getTemplateByIdAndVersion")
def get_template_version(world, client):
    assert client("getTemplateByIdAndVersion", str(world.text.id), 1)["version"] == 1


@call("getAllTemplates")
def get_all_templates(world, client):
    every = {str(one.id) for one in (world.text, world.email, world.letter)}
    assert {one["id"] for one in client("getAllTemplates")["templates"]} == every
    assert [one["type"] for one in client("getAllTemplates", "email")["templates"]] == ["email"]


@call("previewTemplateById")
def preview_template(world, client):
    preview = client("previewTemplateById", str(world.email.id), {"name": "Grace"})
    assert (preview["subject"], preview["body"]) == ("About Grace", "Hello Grace")


@call("prepareUpload")
def prepare_upload(world, client):
    file = {"$upload": [encoded(b"a,b\n1,2\n"), {"filename": "figures.csv", "retentionPeriod": "4 weeks"}]}
    sent = client("sendEmail", str(world.email.id), ADDRESS, {"personalisation": {"name": file}})
    assert f"{world.live.root}/d/{world.service.id}/" in sent["content"]["body"]


@call("setProxy")
def set_proxy(world, client):
    client("setProxy", False)  # noqa: FBT003 - none, in the words of its library
    assert client("getTemplateById", str(world.text.id))["version"] == 1


@call("setClient")
def set_client(world, client):
    client("setClient", {"$axios": {"timeout": PATIENCE * 1000}})
    assert client("getTemplateById", str(world.text.id))["version"] == 1


def encoded(contents):
    return base64.b64encode(contents).decode()
