"""A supplier of texts with MMG's interface that takes everything: as little work as a server over HTTP can be, since
it runs on the processors that are being measured.

Run as ``python -m benchmarks.http_supplier PORT``. ``GET /`` answers how many texts it took, how many of them for
a second time, and over how many connections.
"""

import asyncio
import json
import re
import sys

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_REFERENCE = re.compile(rb'"cid": *"([^"]+)"')
_TAKEN = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 24\r\n\r\n{"Reference":"accepted"}'


class Supplier(asyncio.Protocol):
    """One connection; requests come one after the other."""

    references: set[bytes] = set()  # noqa: RUF012 - the supplier's, whichever connection they come by
    repeats = 0
    connections = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._waiting, self._has_sent = transport, b"", False

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while (end := self._waiting.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._waiting, 0, end)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._waiting) < whole:
                return
            request, self._waiting = self._waiting[:whole], self._waiting[whole:]
            self._transport.write(self._answer(request))

    def _answer(self, request: bytes) -> bytes:
        reference = _REFERENCE.search(request)
        if reference is None:
            return self._figures()
        if not self._has_sent:
            self._has_sent = True
            Supplier.connections += 1
        if reference[1] in Supplier.references:
            Supplier.repeats += 1
        Supplier.references.add(reference[1])
        return _TAKEN

    def _figures(self) -> bytes:
        figures = {"taken": len(self.references), "repeats": self.repeats, "connections": self.connections}
        body = json.dumps(figures).encode()
        return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Supplier, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
