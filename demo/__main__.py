"""``python -m demo [production]``: exit status 0 when everything happened as it should."""

import sys
import tempfile
from pathlib import Path

from demo.account import Account
from demo.broadcasts import warn_of_a_flood
from demo.letters import follow_a_letter
from demo.messages import follow_one_of_each, survive_a_crash
from demo.platform import EmbeddedPlatform, Platform
from demo.receiver import Receiver
from demo.services import Cast

EXPECTED = Path(__file__).with_name("account.txt")


def main(arguments: list[str]) -> int:
    account = Account()
    with tempfile.TemporaryDirectory(prefix="notify-demo-") as name:
        platform, receiver, cast = _platform(arguments, Path(name)), Receiver(), Cast()
        try:
            account.heading(platform.title)
            platform.prepare()
            with account.step("the database is made and two services are provisioned"):
                report = platform.provision(cast.document(receiver.url, receiver.token, receiver.secret))
            account.note("\n".join(report["changes"]))
            with account.step("the platform answers"):
                platform.start()
            follow_one_of_each(account, platform, cast, receiver)
            follow_a_letter(account, platform, cast)
            warn_of_a_flood(account, platform, cast)
            survive_a_crash(account, platform, cast)
            account.compare(EXPECTED)
        except Exception as error:  # noqa: BLE001 - whatever it is, the demonstration has failed
            account.fail(f"{type(error).__name__}: {error}")
        finally:
            platform.stop()
            receiver.close()
    return account.close()


def _platform(arguments: list[str], folder: Path) -> Platform:
    if arguments == ["production"]:
        from demo.production import ProductionPlatform

        return ProductionPlatform(folder)
    return EmbeddedPlatform(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
