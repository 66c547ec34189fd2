"""The template of letters that are made of none.

A message belongs to a version of a template, and programs rely on its id. So uploaded letters have one, for each
service the same, which nothing lists, and of which nothing else can be made.
"""

from datetime import datetime
from typing import Final
from uuid import uuid5

from notify_core.kernel.ids import ServiceId, TemplateId
from notify_core.templates.model import Template, TemplateType

NAME: Final = "Pre-compiled PDF"


def id_of_upload_template(service_id: ServiceId) -> TemplateId:
    return TemplateId(uuid5(service_id, NAME))


def upload_template(service_id: ServiceId, now: datetime) -> Template:
    """What is stored when the service uploads its first letter."""
    return Template(
        id=id_of_upload_template(service_id),
        service_id=service_id,
        name=NAME,
        type=TemplateType.LETTER,
        content="",
        version=1,
        created_at=now,
        subject=NAME,
        archived=True,
    )
