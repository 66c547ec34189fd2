"""Letters as rows, and back. Addresses and personalisation are kept encrypted."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from notify_core.accounts.model import KeyType
from notify_core.letters.model import Bucket, Letter, Location, Postage
from notify_core.letters.states import LetterStatus
from notify_core.ports.secrets import Secrets

_PLAIN = (
    "id",
    "service_id",
    "template_id",
    "template_version",
    "file_reference",
    "key_type",
    "created_at",
    "status",
    "postage",
    "international",
    "precompiled",
    "api_key_id",
    "job_id",
    "job_row",
    "reference",
    "upload_file_name",
    "pages",
    "sheets",
    "pdf_bytes",
    "print_group",
    "cost_threshold",
    "sent_by",
    "sent_at",
    "completed_at",
    "updated_at",
)


@dataclass(frozen=True)
class LetterRows:
    secrets: Secrets

    def from_letter(self, letter: Letter) -> dict[str, Any]:
        row = {name: getattr(letter, name) for name in _PLAIN} | _place(letter)
        return row | self._address(letter) | self._personalisation(letter)

    def changes(self, was: Letter, becomes: Letter) -> dict[str, Any]:
        """What an update sets: the status, and what else differs."""
        values = {name: getattr(becomes, name) for name in _PLAIN if getattr(becomes, name) != getattr(was, name)}
        values["status"] = becomes.status
        if was.pdf != becomes.pdf:
            values |= _place(becomes)
        if was.to != becomes.to:
            values |= self._address(becomes)
        if dict(was.personalisation) != dict(becomes.personalisation):
            values |= self._personalisation(becomes)
        return values

    def to_letter(self, row: sa.RowMapping | Mapping[str, Any]) -> Letter:
        values = {name: row[name] for name in _PLAIN}
        values["key_type"] = KeyType(row["key_type"])
        values["status"] = LetterStatus(row["status"])
        values["postage"] = Postage(row["postage"])
        personalisation = row["personalisation_cipher"]
        return Letter(
            **values,
            to=self.secrets.decrypt(row["to_cipher"], purpose="recipient"),
            personalisation=(
                {}
                if personalisation is None
                else json.loads(self.secrets.decrypt(personalisation, purpose="personalisation"))
            ),
            pdf=None if row["pdf_key"] is None else Location(Bucket(row["pdf_bucket"]), row["pdf_key"]),
        )

    def _address(self, letter: Letter) -> dict[str, Any]:
        return {"to_cipher": self.secrets.encrypt(letter.to, purpose="recipient")}

    def _personalisation(self, letter: Letter) -> dict[str, Any]:
        values = dict(letter.personalisation)
        text = self.secrets.encrypt(json.dumps(values), purpose="personalisation") if values else None
        return {"personalisation_cipher": text}


def _place(letter: Letter) -> dict[str, Any]:
    pdf = letter.pdf
    return {"pdf_bucket": None if pdf is None else pdf.bucket, "pdf_key": None if pdf is None else pdf.key}
