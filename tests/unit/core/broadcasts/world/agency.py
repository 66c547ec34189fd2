"""An agency that posts its alerts as CAP documents."""

from notify_core.broadcasts.model import BroadcastMessage
from notify_core.broadcasts.use_cases.submit_cap import CapPosted
from tests.unit.core.broadcasts.world.platform import Platform

RING = "53.12,0.30 53.18,0.30 53.18,0.38 53.12,0.38 53.12,0.30"
SENT = "2026-01-05T12:00:00-00:00"


def cap(
    kind: str = "Alert",
    *,
    identifier: str = "flood-1",
    status: str = "Actual",
    sent: str = SENT,
    references: str | None = None,
    description: str | None = "Severe flooding.",
    expires: str | None = None,
    areas: tuple[tuple[str, str | None], ...] = (("Skegness", RING),),
) -> bytes:
    refers = f"<references>{references}</references>" if references else ""
    says = f"<description>{description}</description>" if description is not None else ""
    ends = f"<expires>{expires}</expires>" if expires else ""
    where = "".join(
        f"<area><areaDesc>{name}</areaDesc>{f'<polygon>{ring}</polygon>' if ring else ''}</area>"
        for name, ring in areas
    )
    return (
        '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
        f"<identifier>{identifier}</identifier><sender>ea.example</sender><sent>{sent}</sent>"
        f"<status>{status}</status><msgType>{kind}</msgType><scope>Public</scope>{refers}"
        "<info><category>Met</category><event>Flood</event><urgency>Immediate</urgency>"
        f"<severity>Severe</severity><certainty>Likely</certainty>{ends}{says}{where}</info></alert>"
    ).encode()


def name(identifier: str = "flood-1", sent: str = SENT) -> str:
    """What another document calls it in its references."""
    return f"ea.example,{identifier},{sent}"


class Agency(Platform):
    def post(self, document: bytes) -> BroadcastMessage:
        return self.submit(CapPosted(self.service.id, self.key.id, document))
