"""Amazon's queues, call by call, in front of moto."""

import base64
import io
import json
from threading import Lock

from tests.integration.brokers.record import Message

TARGET = "AmazonSQS."


class ListeningToSqs:
    """A WSGI application around another. ``calls`` are (action, parameters), oldest first."""

    def __init__(self, application, record):
        self.calls = []
        self._application, self._record = application, record
        self._lock = Lock()

    def __call__(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        if not target.startswith(TARGET):
            return self._application(environ, start_response)
        action, asked = target.removeprefix(TARGET), json.loads(body)
        with self._lock:
            self.calls.append((action, asked))
        self._asked(action, asked)
        answer = b"".join(self._application(environ, start_response))
        self._answered(action, asked, json.loads(answer or "{}"))
        return [answer]

    def _asked(self, action, asked):
        if name := asked.get("QueueName") or _name(asked):
            self._record.named(name)
        if action == "SendMessage":
            self._record.published(_message(_name(asked), asked["MessageBody"]))
        elif action == "DeleteMessage":
            self._record.acknowledge(asked["ReceiptHandle"])
        elif action == "ChangeMessageVisibility":
            self._record.give_back(asked["ReceiptHandle"])

    def _answered(self, action, asked, answer):
        if action == "ReceiveMessage":
            for message in answer.get("Messages", []):
                self._record.delivered(_name(asked), message["ReceiptHandle"])


def _name(asked):
    return asked.get("QueueUrl", "").rpartition("/")[2]


def _message(queue, body):
    envelope = json.loads(base64.b64decode(body))
    return Message(
        queue,
        envelope["content-type"],
        envelope["headers"],
        envelope["properties"],
        json.loads(base64.b64decode(envelope["body"])),
    )
