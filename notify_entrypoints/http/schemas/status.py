"""How the platform is."""

from notify_entrypoints.http.schemas.parts import FLAG, TEXT, Schema, a_list, an_object, answered, described, one_of

# By its presence: ?ready is asked without a value.
STATUS_QUERY: Schema = {
    "type": "object",
    "properties": {"ready": described(TEXT, "Ask every part, whatever its value.")},
}

_PARTS = described(
    a_list(answered({"part": TEXT, "ready": FLAG, "milliseconds": {"type": "number"}})), "Where ready was asked for."
)

ALIVE = an_object({"status": one_of("ok"), "version": TEXT, "parts": _PARTS}, ("status", "version"), title="Alive")
NOT_READY = answered({"status": one_of("not ready"), "version": TEXT, "parts": _PARTS}, title="NotReady")

FAKE_NETWORK_QUERY: Schema = {"type": "object", "properties": {"network": described(TEXT, "Only this one.")}}

FAKE_NETWORKS: Schema = {
    "title": "FakeNetworks",
    "type": "object",
    "properties": {"at": TEXT, "networks": a_list({"type": "object"})},
    "required": ["at", "networks"],
}

OPENAPI: Schema = {
    "type": "object",
    "properties": {"openapi": {"const": "3.1.0"}, "info": {"type": "object"}, "paths": {"type": "object"}},
    "required": ["openapi", "info", "paths"],
}
