"""The page of a file as people meet it: in a browser, without scripts, by keyboard and on a narrow screen."""

import re
import threading
from io import BytesIO

import pytest
from notifications_python_client import NotificationsAPIClient, prepare_upload
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.integration.browser import chromium
from tests.integration.ports import free_port
from tests.integration.waiting import eventually

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 5_000

# A browser takes its time to start on a busy machine.
pytestmark = pytest.mark.timeout(300)


class Quiet(WSGIRequestHandler):
    def log(self, *arguments):
        pass


@pytest.fixture
def served(make_notify):
    """A platform that a browser can reach."""
    port = free_port()
    notify = make_notify(NOTIFY_API_BASE_URL=f"http://127.0.0.1:{port}")
    server = make_server("127.0.0.1", port, notify.app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield notify
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def mail(served):
    """Send a file with the official client; answers the link that arrived."""
    service = served.service(name="Flood warnings", contact_link="https://floods.example/contact")
    key = served.key(service)
    template = served.email_template(service, "Your plan: ((link_to_file))", subject="Your plan")
    client = NotificationsAPIClient(
        f"floods-{service.id}-{key.secret}", base_url=served.container.settings().api_base_url
    )

    def send(**how):
        file = prepare_upload(BytesIO(PDF), **how)
        client.send_email_notification("grace@example.gov.uk", str(template.id), {"link_to_file": file})
        served.drain()
        return re.search(r"http://\S+/d/\S+", served.email_network.messages()[-1].content["plain"])[0]

    return send


@pytest.fixture
def browser(tmp_path):
    with chromium(tmp_path) as opened:
        yield opened


def saved(browser, name):
    path = browser.downloads / name
    return eventually(lambda: path.read_bytes() if path.exists() else None, f"{name} was not saved")


def test_its_recipient_downloads_the_file(mail, browser):
    link = mail(filename="Cynllun.pdf", retention_period="78 weeks")
    browser.open(link)
    assert browser.title == "Confirm your email address – Flood warnings"  # noqa: RUF001 - as it is written there
    assert browser.role_and_name("#email_address") == ("textbox", "Your email address")
    assert browser.role_and_name("button") == ("button", "Continue")
    assert browser.role_and_name("h1") == ("heading", "Confirm your email address")

    browser.type("#email_address", "ada@example.gov.uk\n")
    eventually(lambda: browser.title.startswith("Error: "), "the wrong address is not told so")
    assert browser.focused() == "problem"
    assert browser.role_and_name(".problem") == ("alert", "There is a problem")
    browser.click(".problem a")
    browser.type("#email_address", "Grace@Example.gov.uk")
    browser.click("button")

    eventually(lambda: browser.text("h1") == "Download your file", "the file is not offered")
    assert "Cynllun.pdf" in browser.text("dl")
    browser.click("button")
    assert saved(browser, "Cynllun.pdf") == PDF
    assert browser.text("h1") == "Download your file"


def test_nothing_is_wider_than_a_narrow_screen(mail, browser):
    browser.open(mail(filename="a" * 96 + ".pdf", confirm_email_before_download=False))
    browser.resize(320, 640)
    for selector in ("html", "dl", "button", "h1"):
        box = browser.box(selector)
        assert box["x"] + box["width"] <= 320, selector
    browser.click("button")
    assert saved(browser, "a" * 96 + ".pdf") == PDF


def test_no_script_of_a_page_is_run(browser):
    browser.open("data:text/html,<p>as it was</p><script>document.body.textContent = 'run'</script>")
    assert browser.text() == "as it was"
