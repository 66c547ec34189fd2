"""The page of a file: what browsers send it."""

from notify_entrypoints.http.schemas.parts import TEXT, Schema, an_object, described

FORM = "application/x-www-form-urlencoded"

KEY: Schema = {
    "type": "object",
    "properties": {"key": described(TEXT, "From the link in the email.")},
    "required": ["key"],
}

CONFIRM = an_object({"email_address": described(TEXT, "Where the email came to.")}, ("email_address",))

DOWNLOAD = an_object({"pass": described(TEXT, "What the page was given for the address; empty where none is asked.")})

# Pages for people, as the others.
NOT_HANDED_OVER: dict[int, Schema] = {status: {} for status in (400, 403, 404, 410, 429, 500, 503)}
