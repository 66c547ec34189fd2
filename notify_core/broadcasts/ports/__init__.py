"""What emergency broadcasts need from outside."""

from notify_core.broadcasts.ports.cap import (
    CapReader,
    CapUnreadable,
    PolygonRefused,
    PolygonSmoother,
)
from notify_core.broadcasts.ports.networks import (
    NetworkFailed,
    NetworkFormat,
    NetworkPreview,
    NetworkProfile,
    NetworkRefuses,
    Networks,
)
from notify_core.broadcasts.ports.storage import (
    BroadcastEvents,
    BroadcastMessages,
    BroadcastRevisions,
    BroadcastsWork,
    CapSubmissions,
    LinkTests,
    ProviderMessages,
)

__all__ = [
    "BroadcastEvents",
    "BroadcastMessages",
    "BroadcastRevisions",
    "BroadcastsWork",
    "CapReader",
    "CapSubmissions",
    "CapUnreadable",
    "LinkTests",
    "NetworkFailed",
    "NetworkFormat",
    "NetworkPreview",
    "NetworkProfile",
    "NetworkRefuses",
    "Networks",
    "PolygonRefused",
    "PolygonSmoother",
    "ProviderMessages",
]
