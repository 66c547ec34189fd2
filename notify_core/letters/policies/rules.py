"""What a deployment decides about letters."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LetterRules:
    """``environment`` is the deployment's own word for itself, which subjects of tickets begin with; ``runbook_url``,
    where they point people on call to, may be empty; ``volumes_to`` are the email addresses of those who are told
    beforehand how much there will be to print."""

    environment: str = "development"
    runbook_url: str = ""
    volumes_to: tuple[str, ...] = ()

    @property
    def raises_tickets(self) -> bool:
        """Whether what a watch over letters finds becomes a ticket. Source: letters.md, section 7."""
        return self.environment in {"live", "test"}

    @property
    def simulates_printer(self) -> bool:
        """Whether a letter of a test key is followed to an answer of the printer's. Source: letters.md, section 2."""
        return self.environment in {"development", "preview"}

    def subject(self, text: str) -> str:
        """A ticket's subject."""
        return f"[{self.environment}] {text}"

    def body(self, *lines: str) -> str:
        """A ticket's text: a line each, and where to read what to do."""
        where = [f"What to do now: {self.runbook_url}"] if self.runbook_url else []
        return "\n".join([*lines, *where])
