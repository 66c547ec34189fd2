"""Every variable there is: the ports an adapter is chosen for, and the plain ones."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Port:
    """A port whose adapter is chosen by ``NOTIFY_<NAME>``. With ``several``, the value is a list and
    each adapter has options of its own (``NOTIFY_<NAME>_<ADAPTER>_<OPTION>``). ``options_of``: the port whose adapters
    of the same names have the options."""

    name: str
    default: str
    says: str
    several: bool = False
    options_of: str | None = None

    @property
    def variable(self) -> str:
        return f"NOTIFY_{self.name.upper()}"

    @property
    def group(self) -> str:
        return f"notify.adapters.{self.name}"

    def prefix(self, adapter: str) -> str:
        """What the variables of an adapter's options begin with."""
        variable = f"NOTIFY_{(self.options_of or self.name).upper()}"
        return f"{variable}_{adapter.upper().replace('-', '_')}_" if self.several else f"{variable}_"


PORTS: tuple[Port, ...] = (
    Port("task_queue", "embedded", "carries due work to workers"),
    Port("cbc", "fake", "the mobile networks' cell broadcast centres"),
    Port("sms", "fake", "suppliers of text messages", several=True),
    Port("sms_receipts", "mmg,firetext", "whose SMS receipts are understood", several=True),
    Port("sms_inbound", "mmg,firetext", "whose received texts are understood", several=True, options_of="sms"),
    Port("email", "fake", "supplier of emails"),
    Port("email_receipts", "fake", "whose email receipts are understood", several=True),
    Port("callbacks", "http", "tells services what happened"),
    Port("letter_renderer", "reportlab", "puts letters on paper"),
    Port("letter_printer", "directory", "where the printer fetches letters"),
    Port("letter_store", "directory", "keeps letters"),
    Port("letter_sanitiser", "pdfium", "looks whether uploaded letters can be printed"),
    Port("recipient_files", "directory", "keeps the files of jobs"),
    Port("documents", "directory", "keeps files that go by email"),
    Port("virus_scanner", "none", "looks for viruses in files"),
    Port("letter_announcements", "sns", "who announces the printer's response files"),
    Port("bank_holidays", "holidays", "on which days nothing is printed or delivered"),
    Port("rate_limiter", "memory", "counts requests"),
    Port("tickets", "console", "where people on call look"),
    Port("metrics", "none", "figures about the running system"),
    Port("heartbeats", "none", "tells a watcher that scheduled work happens"),
)


@dataclass(frozen=True, slots=True)
class Variable:
    """A plain variable; ``default`` is None where it depends on others or is required."""

    name: str
    default: str | None
    says: str
    secret: bool = False


VARIABLES: tuple[Variable, ...] = (
    Variable("NOTIFY_ENVIRONMENT", "development", "development, test, preview, staging or live"),
    Variable("NOTIFY_CONFIG", None, "a TOML file with the same names, nested; the environment wins"),
    Variable("NOTIFY_DATA_DIR", ".notify", "where SQLite, the fakes and the adapters directory keep their files"),
    Variable(
        "NOTIFY_DATABASE_URL",
        None,
        "sqlite:///… or postgresql+psycopg://… (default: notify.db in the data directory)",
        secret=True,
    ),
    Variable("NOTIFY_HOST", "127.0.0.1", "the address that notify serve listens on (gunicorn: --bind)"),
    Variable("NOTIFY_PORT", "6011", "its port (gunicorn: --bind)"),
    Variable("NOTIFY_ADMIN_BASE_URL", "http://localhost:6012", "the admin application, for links"),
    Variable("NOTIFY_API_BASE_URL", None, "this API, for links (default: the address served)"),
    Variable("NOTIFY_EMAIL_DOMAIN", "notify.localhost", "the domain that emails are sent from"),
    Variable("NOTIFY_RUNBOOK_URL", None, "where tickets point people on call to"),
    Variable("NOTIFY_APP_NAME", "api", "this process in metrics and logs"),
    Variable("NOTIFY_LOG_FORMAT", None, "text (default in development) or json"),
    Variable("NOTIFY_BROADCAST_DURATION", "4h", "an alert whose author does not say lasts so long (5m to 1350m)"),
    Variable("NOTIFY_BROADCAST_HEADLINE", "GOV.UK Notify Broadcast", "the headline phones may show"),
    Variable("NOTIFY_BROADCAST_SENDER", "broadcasts@notifications.service.gov.uk", "the CAP sender"),
    Variable("NOTIFY_BROADCAST_TICKET_PRIORITY", "p1", "of the ticket for a live alert: p1 or normal"),
    Variable("NOTIFY_TASK_LIMIT_PER_KEY", "4", "sends under way per network; `notify serve` has a thread for each"),
    Variable("NOTIFY_TASK_LEASE", "90s", "how long a task may lie in a queue before it is handed over again"),
    Variable("NOTIFY_SECRET_KEYS", None, "keys that encrypt personal data, the first one in use", secret=True),
    Variable("NOTIFY_ADMIN_SECRETS", None, "secrets of the admin application, all accepted", secret=True),
    Variable("NOTIFY_ALLOW_FAKES", "false", "whether live may start with fake suppliers and networks"),
)
