"""A letter: accepted, printed by the simulated printer, reported back, and its PDF."""

import json
import logging
import re
from datetime import UTC, datetime

from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from demo.account import Account, eventually, expect
from demo.platform import Platform
from demo.services import Cast

ADDRESS = ("Zoë Llŷr", "1 Stryd Fawr", "Caerdydd", "CF10 1AA")


def follow_a_letter(account: Account, platform: Platform, cast: Cast) -> None:
    """A letter until the printer says that it was printed. The evening's run is made at once, by hand."""
    account.chapter("A letter, by the official client")
    client = cast.client(platform.url)
    # The client would print that the PDF is not there yet.
    logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)
    with account.step("it is accepted, and its PDF made"):
        letter = client.send_letter_notification(
            template_id=cast.letter_template,
            personalisation={
                "name": "Zoë",
                "card": "20260105",
                **{f"address_line_{number}": line for number, line in enumerate(ADDRESS, start=1)},
            },
        )
        pdf = eventually(lambda: _pdf(client, letter["id"]), within=20, otherwise="its PDF was not made")
        expect(pdf.startswith(b"%PDF"), "what was downloaded is no PDF")
    account.note(f"{len(pdf):,} bytes")
    with account.step("the print run takes it to the printer, in a zip"):
        platform.notify("tasks", "run", "collate-letter-pdfs-to-be-sent", f"deadline={datetime.now(UTC).isoformat()}")
        eventually(lambda: list(platform.data_dir.glob("printer/taken/*.ZIP")), within=30, otherwise="no zip arrived")
        (run,) = json.loads(platform.notify("letters", "runs", "--json"))
        expect((run["letters"], run["zips"]) == (1, 1), f"the run has {run['letters']} letters in {run['zips']} zips")
    account.note(platform.notify("letters", "show", run["run"]).rstrip())
    with account.step("the printer answers: it is received"):
        eventually(lambda: _answered(platform, client, letter["id"]), within=30, otherwise="it was not received")
        expect(_pdf(client, letter["id"]) == pdf, "its PDF is another now")
    account.note(re.sub(r"\s+", " ", f"{', '.join(ADDRESS)}: received"))


def _pdf(client: NotificationsAPIClient, letter_id: str) -> bytes | None:
    try:
        content: bytes = client.get_pdf_for_letter(letter_id).read()
    except HTTPError as error:
        expect("not available yet" in str(error.message), f"its PDF: {error.message}")
        return None
    return content


def _answered(platform: Platform, client: NotificationsAPIClient, letter_id: str) -> bool | None:
    # By itself it is looked for every 15 minutes.
    platform.notify("tasks", "run", "look-for-letter-response-files")
    status = client.get_notification_by_id(letter_id)["status"]
    expect(status in {"accepted", "received"}, f"it ended as {status}")
    return status == "received" or None
