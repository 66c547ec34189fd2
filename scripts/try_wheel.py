"""Build the wheel, install it into a clean environment, and use it there as a stranger would."""

import os
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent

TEST = """
from notify_core.notifications.use_cases import AcceptSms, SmsRequest
from notify_core.accounts.model import Caller
from notify_core.testing.builders import a_service, a_template, an_api_key

def test_the_platform_is_a_fixture(notify):
    service = a_service()
    key, template = an_api_key(service_id=service.id), a_template(service_id=service.id, content="Hello")
    notify.put(service, key, template)
    notify.use(AcceptSms)(Caller(service, key), SmsRequest("07700900123", template.id))
    notify.run_until_idle()
    assert len(notify.sms.texts()) == 1
"""


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="notify-wheel-") as name:
        folder = Path(name)
        run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)], folder)
        (wheel,) = folder.glob("*.whl")
        python = _clean_environment(folder, wheel)
        notify = str(python.with_name("notify"))
        print("core alone:", run([str(python), "-c", "import notify_core.registry.tasks; print('imported')"], folder))
        _install(python, f"{wheel}[all,testing]", folder)
        print("version:", run([notify, "--version"], folder))
        print("migrations:", run([notify, "migrate"], folder))
        print("check:\n" + run([notify, "check"], folder))
        (folder / "test_host.py").write_text(TEST, encoding="utf-8")
        print("pytest plugin:", run([str(python), "-m", "pytest", "-q", str(folder / "test_host.py")], folder))
    return 0


def _clean_environment(folder: Path, wheel: Path) -> Path:
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    _install(python, str(wheel), folder)
    return python


def _install(python: Path, what: str, folder: Path) -> None:
    """With the versions of the lock, so that what is tried is what is promised."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^([a-zA-Z0-9._-]+==.*) \\$", lock, re.MULTILINE)
    constraints = folder / "constraints.txt"
    constraints.write_text("\n".join(pins), encoding="utf-8")
    run([str(python), "-m", "pip", "install", "--quiet", "-c", str(constraints), what], folder)


def run(command: list[str], folder: Path) -> str:
    """What the command printed; its failure is ours."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("NOTIFY_", "PYTHON"))}
    environment["NOTIFY_DATA_DIR"] = str(folder / "data")
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=600)
    if ran.returncode:
        sys.exit(f"{' '.join(command)}\n{ran.stdout}\n{ran.stderr}")
    return ran.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
