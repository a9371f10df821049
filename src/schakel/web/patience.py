"""How long does the server wait for a request that does not end?"""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

KEPT_OPEN = 5  # seconds a connection stays open between requests
MOST_HEADERS = 32_768  # bytes of an unfinished request
MOST_CONNECTIONS = 500  # below the usual limit of 1,024 open files; more are answered 503


class Patient(H11Protocol):
    """Closes a connection whose request is not whole in time; uvicorn by itself waits for ever.

    The time runs from the opening, or from the first byte of a later request, and not again with each byte, so that a
    client who drips cannot hold a connection either.
    """

    patience = 10.0  # seconds
    _alarm: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start waiting."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Wait on while the request is not whole."""
        super().data_received(data)
        if self._unfinished():
            self._wait()
        else:
            self._stop()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop()
        super().connection_lost(exc)

    def _unfinished(self) -> bool:
        return self.conn.their_state in (h11.IDLE, h11.SEND_BODY)

    def _wait(self) -> None:
        if self._alarm is None:
            self._alarm = self.loop.call_later(self.patience, self._over)

    def _stop(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _over(self) -> None:
        self._alarm = None
        answering = self.cycle is not None and not self.cycle.response_complete
        if self._unfinished() and not answering and not self.transport.is_closing():
            self.transport.close()
