"""How the published API names the version of a template that a message was made of."""

from typing import Any

from notify_core.kernel.ids import ServiceId, TemplateId


def version_sent(service_id: ServiceId, template_id: TemplateId, version: int, root: str) -> dict[str, Any]:
    """What a message was made of, in the answer to its sending."""
    return {
        "id": str(template_id),
        "version": version,
        "uri": f"{root}/services/{service_id}/templates/{template_id}",
    }


def version_read(template_id: TemplateId, version: int, root: str) -> dict[str, Any]:
    """What a message was made of, where it is read."""
    return {
        "id": str(template_id),
        "version": version,
        "uri": f"{root}/v2/template/{template_id}/version/{version}",
    }
