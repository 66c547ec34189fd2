"""What passed between a deployment's processes and their broker, in the words that all brokers share."""

from collections import Counter
from dataclasses import dataclass
from threading import Lock
from typing import Any


@dataclass(frozen=True)
class Message:
    """As it was handed to the broker. ``body`` is decoded, ``properties`` are the broker's own."""

    queue: str
    content_type: str
    headers: dict[str, Any]
    properties: dict[str, Any]
    body: Any


class Record:
    """Written by who listens to the wire, before the other side hears it: what is open here is what a worker holds.
    A tag is the broker's name for one message in somebody's hands."""

    def __init__(self):
        self.names, self.messages = set(), []
        self.acknowledged, self.given_back, self.most_open = Counter(), Counter(), Counter()
        self._delivered, self._open, self._lock = Counter(), {}, Lock()

    def named(self, *names):
        with self._lock:
            self.names.update(names)

    def published(self, message):
        with self._lock:
            self.messages.append(message)

    def delivered(self, queue, tag):
        with self._lock:
            self._delivered[queue] += 1
            self._open[tag] = queue
            self.most_open[queue] = max(self.most_open[queue], self._count(queue))

    def acknowledge(self, tag):
        with self._lock:
            self.acknowledged[self._open.pop(tag)] += 1

    def give_back(self, tag):
        with self._lock:
            self.given_back[self._open.pop(tag)] += 1

    def open(self, queue):
        """How many messages of a queue are in somebody's hands."""
        with self._lock:
            return self._count(queue)

    def waiting(self, queue):
        """How many are with the broker."""
        with self._lock:
            published = sum(message.queue == queue for message in self.messages)
            return published + self.given_back[queue] - self._delivered[queue]

    def all_open(self):
        with self._lock:
            return Counter(self._open.values())

    def _count(self, queue):
        return sum(open_queue == queue for open_queue in self._open.values())
