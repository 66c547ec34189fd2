"""A real Chromium without scripts, driven by the few commands of WebDriver that people's doings need."""

import base64
import json
import shutil
import subprocess
import urllib.error
import urllib.request
from contextlib import contextmanager

from tests.integration.needed import missing
from tests.integration.ports import free_port
from tests.integration.waiting import eventually

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
# What WebDriver calls a reference to an element.
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


# https://www.w3.org/TR/webdriver2/#errors
_NOT_THERE = {"stale element reference", "no such element"}


class NotThere(AssertionError):
    """The page has no such element, or no longer."""


class Browser:
    """One window; ``downloads`` is where it saves files."""

    def __init__(self, session, downloads):
        self._session = session
        self.downloads = downloads

    def open(self, url):
        self._ask("POST", "/url", {"url": url})

    @property
    def title(self):
        return self._ask("GET", "/title")

    def text(self, selector="body"):
        """None while there is no such element: a page may be replaced between finding and reading one."""
        try:
            return self._ask("GET", f"/element/{self._find(selector)}/text")
        except NotThere:
            return None

    def type(self, selector, text):
        """Instead of what is in the field."""
        element = self._find(selector)
        self._ask("POST", f"/element/{element}/clear", {})
        self._ask("POST", f"/element/{element}/value", {"text": text})

    def click(self, selector):
        self._ask("POST", f"/element/{self._find(selector)}/click", {})

    def role_and_name(self, selector):
        """What people who do not see the page are told of an element."""
        element = self._find(selector)
        return self._ask("GET", f"/element/{element}/computedrole"), self._ask(
            "GET", f"/element/{element}/computedlabel"
        )

    def box(self, selector):
        """x, y, width and height on the page."""
        return self._ask("GET", f"/element/{self._find(selector)}/rect")

    def focused(self):
        """The class of the element that has the keyboard."""
        active = self._ask("GET", "/element/active")[_ELEMENT]
        return self._ask("GET", f"/element/{active}/attribute/class")

    def resize(self, width, height):
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": True}
        self._ask("POST", "/goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": metrics})

    def screenshot(self):
        return base64.b64decode(self._ask("GET", "/screenshot"))

    def close(self):
        self._ask("DELETE", "")

    def _find(self, selector):
        return self._ask("POST", "/element", {"using": "css selector", "value": selector})[_ELEMENT]

    def _ask(self, method, path, body=None):
        return _ask(method, self._session + path, body)


def _ask(method, url, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)  # noqa: S310 - ours
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - ours
            return json.load(answer)["value"]
    except urllib.error.HTTPError as error:
        said = json.load(error)["value"]
        raise (NotThere if said["error"] in _NOT_THERE else AssertionError)(said["message"]) from None


def _options(profile, downloads):
    return {
        "binary": CHROMIUM,
        "args": [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--window-size=1000,1000",
            f"--user-data-dir={profile}",
        ],
        "prefs": {
            "profile.managed_default_content_settings.javascript": 2,
            "download.default_directory": str(downloads),
            "download.prompt_for_download": False,
        },
    }


@contextmanager
def chromium(folder):
    """A browser that runs no scripts; what CI must have is missed loudly there."""
    if CHROMIUM is None or DRIVER is None:
        missing("Chromium and its driver (chromium, chromium-driver)")
    downloads, port = folder / "downloads", free_port()
    downloads.mkdir()
    driver = subprocess.Popen(
        [DRIVER, f"--port={port}", f"--log-path={folder / 'driver.log'}"], stdout=subprocess.DEVNULL
    )
    root = f"http://127.0.0.1:{port}"

    def is_ready():
        assert driver.poll() is None, (folder / "driver.log").read_text()
        try:
            return _ask("GET", f"{root}/status")["ready"]
        except OSError:
            return False

    try:
        eventually(is_ready, "chromedriver does not answer")
        wanted = {"browserName": "chrome", "goog:chromeOptions": _options(folder / "profile", downloads)}
        made = _ask("POST", f"{root}/session", {"capabilities": {"alwaysMatch": wanted}})
        browser = Browser(f"{root}/session/{made['sessionId']}", downloads)
        try:
            yield browser
        finally:
            browser.close()
    finally:
        driver.kill()
        driver.wait()
