"""Milliseconds for a letter of one page: from its template and personalisation to the bytes of its PDF, on one core."""

import os
import statistics
import time
from datetime import UTC, datetime

from benchmarks.figures import Figure, tell
from benchmarks.machine import describe
from notify_adapters.letter_renderer.reportlab import build
from notify_core.letters.policies.content import content_of
from notify_core.templates.model import TemplateType
from notify_core.testing.builders import a_letter, a_template

LETTERS = int(os.environ.get("BENCH_LETTERS", "1000"))
TO_HOLD = 10.0  # milliseconds

TEXT = """Dear ((name)),

Thank you for telling us that you have moved. From ((date)) your Council Tax is for the home at your new address. You \
pay £((amount)) a month.

# What you need to do

* check that the names on this letter are right
* tell us if somebody moves in or out
* set up a Direct Debit at https://www.example.gov.uk/council-tax/pay

^ If you do not pay, we may ask a court to order you to. That costs you more.

You can appeal if you think that your bill is wrong. You must go on paying until your appeal is decided. How to \
appeal is at [our website](https://www.example.gov.uk/council-tax/appeal), or ask us for a form: call 020 7946 0000 \
from Monday to Friday, 9am to 5pm.

Yours sincerely,

Siân Llŷr
Head of Revenues
"""


def main() -> None:
    template = a_template(
        type=TemplateType.LETTER,
        subject="Your Council Tax, ((name))",
        content=TEXT,
        letter_contact_block="Council Tax Office\nTown Hall\nExampleton\nEX1 1AA\n020 7946 0000",
    )
    renderer = build({})
    letters = [
        a_letter(
            to=f"Resident number {number}\n{number} High Street\nExampleton\nEX1 {number % 10}AA",
            personalisation={"name": f"Resident {number}", "date": "1 April", "amount": f"{number / 7:.2f}"},
            created_at=datetime(2026, 1, 5, 12, tzinfo=UTC),
        )
        for number in range(1, LETTERS + 1)
    ]
    begun = time.perf_counter()
    first = renderer.render(content_of(letters[0], template))
    first_took = (time.perf_counter() - begun) * 1000
    took, size = [], 0
    for letter in letters:
        begun = time.perf_counter()
        rendered = renderer.render(content_of(letter, template))
        took.append((time.perf_counter() - begun) * 1000)
        size += len(rendered.pdf)
        assert rendered.pages == 1
    assert first.pages == 1
    print(describe())
    print(f"{LETTERS:,} letters of one page, {size // LETTERS:,} bytes each; the first took {first_took:.0f} ms")
    tell(
        Figure("the PDF of a letter of one page, median", statistics.median(took), "ms", most=TO_HOLD),
        Figure("the PDF of a letter, 95 % within", statistics.quantiles(took, n=20)[-1], "ms", most=TO_HOLD),
    )


if __name__ == "__main__":
    main()
