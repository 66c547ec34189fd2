"""Requests of an admin application that are met, each on something of its own."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from notify_core.testing.builders import a_callback, a_reply_to, an_sms_sender


class AdminRequests:
    def __init__(self, notify):
        self._notify = notify
        self._service = notify.service(name="Archives")
        self._here = {"service_id": str(self._service.id)}
        self._by = {"created_by": str(uuid4())}
        self._people = [str(notify.member(self._service, name=name).id) for name in ("Ada", "Grace", "Mary")]
        notify.put(a_callback(service_id=self._service.id))

    @property
    def known(self):
        """What requests name, one thing of each kind."""
        return {
            "key_id": [self._key()],
            "sender_id": [self._sender()],
            "reply_to_id": [self._reply_to()],
            "user_id": [self._people[0]],
            "callback_type": ["delivery_status"],
            "job_id": [self._job()],
        }

    def good(self):
        """By operation: the parts of the path, and a body where there is one."""
        root = "/service/{service_id}"
        written = {"name": "Books", "type": "sms", "content": "Hello"}
        callback = {"url": "https://example.gov.uk/", "bearer_token": "0123456789"}
        person = {"name": "Zoë", "email_address": "zoe@example.gov.uk"}
        bodies = {
            f"POST {root}": ({}, {"rate_limit": 7}),
            f"POST {root}/archive": ({"service_id": str(self._notify.service().id)}, self._by),
            f"POST {root}/templates": ({}, written | self._by),
            f"POST {root}/templates/{{template_id}}": ({"template_id": self._template()}, {"content": "Bye"}),
            f"POST {root}/templates/{{template_id}}/archive": ({"template_id": self._template()}, self._by),
            f"POST {root}/api-keys": ({}, {"name": f"{uuid4()}", "key_type": "normal"}),
            f"POST {root}/api-keys/{{key_id}}/rotate": ({"key_id": self._key()}, {"revoke_old": True}),
            f"POST {root}/api-keys/{{key_id}}/revoke": ({"key_id": self._key()}, self._by),
            f"POST {root}/sms-senders": ({}, {"sms_sender": "BOOKS", "inbound": True}),
            f"POST {root}/sms-senders/{{sender_id}}": ({"sender_id": self._sender()}, {"is_default": True}),
            f"POST {root}/reply-tos": ({}, {"email_address": "a@example.gov.uk"}),
            f"POST {root}/reply-tos/{{reply_to_id}}": ({"reply_to_id": self._reply_to()}, {"is_default": True}),
            f"PUT {root}/callbacks/{{callback_type}}": ({"callback_type": "complaint"}, callback),
            f"PUT {root}/guest-list": ({}, {"email_addresses": [], "phone_numbers": ["07700900123"]}),
            f"POST {root}/users": ({}, person),
            f"POST {root}/job": ({}, self._file()),
            f"POST {root}/users/{{user_id}}": ({"user_id": self._people[0]}, self._by),
        }
        without = {
            f"GET {root}/job": {},
            **{
                f"GET {root}/job/{{job_id}}{part}": {"job_id": self._job()}
                for part in ("", "/results.csv", "/errors.csv")
            },
            f"POST {root}/job/{{job_id}}/cancel": {"job_id": self._job()},
            f"GET {root}": {},
            **{f"GET {root}/{part}": {} for part in ("templates", "api-keys", "sms-senders", "reply-tos")},
            **{f"GET {root}/{part}": {} for part in ("callbacks", "guest-list", "users")},
            f"GET {root}/templates/{{template_id}}": {"template_id": self._template()},
            f"DELETE {root}/sms-senders/{{sender_id}}": {"sender_id": self._sender()},
            f"DELETE {root}/reply-tos/{{reply_to_id}}": {"reply_to_id": self._reply_to()},
            f"DELETE {root}/callbacks/{{callback_type}}": {"callback_type": "delivery_status"},
            f"DELETE {root}/users/{{user_id}}": {"user_id": self._people[1]},
        }
        return {
            **{name: {"path_parameters": self._here | path} for name, path in without.items()},
            **{name: {"path_parameters": self._here | path, "body": body} for name, (path, body) in bodies.items()},
            "POST /service": {"body": {"name": "Museum"}},
        }

    def _template(self):
        return str(self._notify.template(self._service).id)

    def _key(self):
        return str(self._notify.key(self._service).id)

    def _sender(self):
        return str(self._notify.put(an_sms_sender(service_id=self._service.id)).id)

    def _reply_to(self):
        return str(self._notify.put(a_reply_to(service_id=self._service.id)).id)

    def _file(self):
        """The body of a request for a job that begins in an hour."""
        return self._by | {
            "template_id": str(self._notify.template(self._service, "Hello").id),
            "original_file_name": "people.csv",
            "csv": "phone number\n07700900123\n",
            "scheduled_for": (datetime.now(UTC) + timedelta(hours=1)).isoformat(),
        }

    def _job(self):
        return self._notify.admin("POST", f"/service/{self._service.id}/job", self._file()).json["id"]
