"""Letters, on SQL."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from notify_adapters.storage.sql.bulk import insert_new
from notify_adapters.storage.sql.paging import behind, place_of
from notify_adapters.storage.sql.references import has_reference
from notify_adapters.storage.sql.repositories.letter_rows import LetterRows
from notify_adapters.storage.sql.schema_letters import IS_UNFINISHED, letters
from notify_adapters.storage.sql.session import Row, SqlSession
from notify_adapters.storage.sql.statements import in_portions
from notify_adapters.storage.sql.task_keys import has_task
from notify_core.kernel.errors import Conflict, NotFound
from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.letters.model import Letter
from notify_core.letters.ports import LetterFilter
from notify_core.letters.states import LetterStatus
from notify_core.notifications.model import Place
from notify_core.ports.secrets import Secrets

_c = letters.c

_THIS = sa.select(letters).where(_c.id == sa.bindparam("id"))
_THIS_OF_SERVICE = _THIS.where(_c.service_id == sa.bindparam("service_id"))
_PLACE = sa.select(_c.created_at, _c.id).where(_c.id == sa.bindparam("id"), _c.service_id == sa.bindparam("service_id"))
_BY_FILE_REFERENCES = sa.select(letters).where(_c.file_reference.in_(sa.bindparam("references", expanding=True)))
_OVERDUE = (
    sa.select(_c.id)
    .where(IS_UNFINISHED, _c.status == sa.bindparam("status"), _c.created_at < sa.bindparam("moment"))
    .order_by(_c.created_at, _c.id)
    .limit(sa.bindparam("number"))
)
# Nothing is sent before it was created: so the index leaves out what cannot be meant.
_SENT_BEFORE = _OVERDUE.where(_c.sent_at < sa.bindparam("moment"))
_CHANGE = sa.update(letters).where(_c.id == sa.bindparam("was_id"), _c.status == sa.bindparam("was_status"))

_WITHOUT_PDF = (
    sa.select(letters)
    .where(IS_UNFINISHED, _c.status == LetterStatus.CREATED, _c.created_at < sa.bindparam("moment"))
    .where(~_c.precompiled, _c.pdf_key.is_(None), ~has_task("letter-pdf", _c.id))
    .order_by(_c.created_at, _c.id)
    .limit(sa.bindparam("number"))
)


@lru_cache(maxsize=256)
def _page(filtered_by: frozenset[str]) -> sa.Select[Any]:
    """A page of a service; the parameters have the names of what it is filtered by."""
    conditions = {
        "key_types": _c.key_type.in_(sa.bindparam("key_types", expanding=True)),
        "statuses": _c.status.in_(sa.bindparam("statuses", expanding=True)),
        "reference": has_reference(_c.reference, sa.bindparam("reference", type_=sa.String())),
        "start_id": behind(_c.created_at, _c.id),
        "without_jobs": _c.job_id.is_(None),
    }
    wanted = [condition for name, condition in conditions.items() if name in filtered_by]
    page = sa.select(letters).where(_c.service_id == sa.bindparam("service_id"), *wanted)
    return page.order_by(_c.created_at.desc(), _c.id.desc()).limit(sa.bindparam("number"))


class SqlLetters:
    def __init__(self, session: SqlSession, secrets: Secrets) -> None:
        self._session = session
        self._rows = LetterRows(secrets)

    def add_many(self, added: Sequence[Letter]) -> None:
        self._session.insert(letters, [self._rows.from_letter(one) for one in added])

    def add_new(self, added: Sequence[Letter]) -> Collection[NotificationId]:
        rows = [self._rows.from_letter(one) for one in added]
        return {NotificationId(new) for new in insert_new(self._session, letters, rows)}

    def get(self, notification_id: NotificationId, service_id: ServiceId | None = None) -> Letter:
        if service_id is None:
            row = self._session.row(_THIS, {"id": notification_id})
        else:
            row = self._session.row(_THIS_OF_SERVICE, {"id": notification_id, "service_id": service_id})
        if row is None:
            raise NotFound(f"no letter {notification_id}")
        return self._rows.to_letter(row)

    def by_file_references(self, references: Sequence[str]) -> Mapping[str, Letter]:
        found: dict[str, Letter] = {}
        for some in in_portions(references):
            found |= {one.file_reference: one for one in self._found(_BY_FILE_REFERENCES, {"references": some})}
        return found

    def change(self, was: Letter, becomes: Letter) -> None:
        unchanged = {"was_id": was.id, "was_status": was.status}
        if not self._session.changed(_CHANGE, unchanged | self._rows.changes(was, becomes)):
            raise Conflict(f"letter {was.id} is no longer {was.status}")

    def waiting_since(self, status: LetterStatus, moment: datetime, limit: int) -> Sequence[NotificationId]:
        return self._ids(_OVERDUE, {"status": status, "moment": moment, "number": limit})

    def sent_before(self, moment: datetime, limit: int) -> Sequence[NotificationId]:
        return self._ids(_SENT_BEFORE, {"status": LetterStatus.SENDING, "moment": moment, "number": limit})

    def page(self, service_id: ServiceId, wanted: LetterFilter, limit: int = 250) -> Sequence[Letter]:
        filters = _filters(wanted)
        return self._found(_page(frozenset(filters)), {"service_id": service_id, "number": limit, **filters})

    def place_of(self, service_id: ServiceId, notification_id: NotificationId) -> Place | None:
        row = self._session.row(_PLACE, {"id": notification_id, "service_id": service_id})
        return None if row is None else Place(row["created_at"], row["id"])

    def created_without_pdf(self, before: datetime, limit: int) -> Sequence[Letter]:
        return self._found(_WITHOUT_PDF, {"moment": before, "number": limit})

    def _ids(self, wanted: sa.Select[Any], values: Row) -> list[NotificationId]:
        return [row["id"] for row in self._session.rows(wanted, values)]

    def _found(self, wanted: sa.Select[Any], values: Row) -> list[Letter]:
        return [self._rows.to_letter(row) for row in self._session.rows(wanted, values)]


def _filters(wanted: LetterFilter) -> dict[str, Any]:
    """What is filtered by, with the parameters of :func:`_page`."""
    filters = {
        "key_types": sorted(wanted.key_types),
        "statuses": sorted(wanted.statuses),
        "reference": wanted.reference,
        "without_jobs": None if wanted.with_jobs else True,
    }
    given = {name: value for name, value in filters.items() if value not in ([], None)}
    return given if wanted.behind is None else given | place_of(asdict(wanted.behind))
