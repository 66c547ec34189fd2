"""A StatsD server that only listens, on a socket of this machine."""

import re
import socket
from threading import Thread

LINE = re.compile(r"^(?P<name>[^:]+):(?P<value>[^|]+)\|(?P<kind>\w+)")


class StatsdServer:
    """Hears what a StatsD server would hear: (name without the deployment's prefix, kind, value)."""

    PREFIX = "test.notifications.api."

    def __init__(self):
        self.heard = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self):
        while packet := self._socket.recv(65536):
            for line in packet.decode().splitlines():
                found = LINE.match(line)
                assert found["name"].startswith(self.PREFIX), line
                self.heard.append((found["name"].removeprefix(self.PREFIX), found["kind"], float(found["value"])))

    def names(self, kind):
        return [name for name, heard, _ in list(self.heard) if heard == kind]

    def count(self, name):
        return sum(value for heard, kind, value in list(self.heard) if (heard, kind) == (name, "c"))

    def times(self, name):
        return self.names("ms").count(name)

    def close(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as farewell:
            farewell.sendto(b"", ("127.0.0.1", self.port))
        self._thread.join(5)
        self._socket.close()
