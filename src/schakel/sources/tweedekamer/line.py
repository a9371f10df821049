"""How does a page of an official interface get here whole, from nobody else, and within bounds?

As `schakel.sources.download` does for files: a proxy is taken from the environment, redirects to other hosts and web pages in the place
of data are refused, and what may pass (a cut line, 429, 5xx) is tried again a bounded number of times, with longer waits.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from schakel.errors import InputError, MachineError
from schakel.sources import answer
from schakel.sources.answer import CutError, Wanted
from schakel.sources.tweedekamer.xmltree import DamagedError

if TYPE_CHECKING:
    import httpx2

MAX_PAGE = 64 << 20
MAX_SECONDS = 600.0
_REDIRECTS = 5
_MAX_WAIT = 60.0
_PASSES = {404, 408, 410, 416, 425, 429}
Read = TypeVar("Read")


@dataclass
class Line:
    """A line to one server.

    Attributes
    ----------
    base
        Address up to where the interfaces begin (``https://gegevensmagazijn.tweedekamer.nl``).
    attempts
        Tries for one page before giving up.
    backoff
        Seconds before the second try; doubled each time, up to a minute. A server may ask for more, up to the same minute.
    timeout
        Seconds without a byte after which the line counts as cut; a whole page may take ten minutes.
    max_bytes
        Largest page, unpacked.
    """

    base: str
    attempts: int = 5
    backoff: float = 1.0
    timeout: float = 60.0
    max_bytes: int = MAX_PAGE
    sleep: Callable[[float], None] = time.sleep
    _client: httpx2.Client | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse an address that is none.

        Raises
        ------
        InputError
            If it is not http(s), or carries a user name, a question or a fragment.
        """
        parts = urlsplit(self.base)
        if (
            parts.scheme not in answer.STANDARD_PORTS
            or not parts.hostname
            or parts.username
            or parts.query
            or parts.fragment
        ):
            raise InputError(
                "this is no address that can be fetched",
                where=self.base,
                remedy="give an https:// address without a user name or question",
            )
        self.base = self.base.rstrip("/")

    def __enter__(self) -> Line:
        import httpx2

        # gzip only: it is the one packing whose growth is watched here
        headers = {"Accept-Encoding": "gzip", "User-Agent": "schakel"}
        self._client = httpx2.Client(timeout=self.timeout, headers=headers, follow_redirects=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    @property
    def plain(self) -> bool:
        """Whether the line is not encrypted."""
        return urlsplit(self.base).scheme == "http"

    def own(self, address: str, path: str) -> str:
        """Return a link of the server when it leads to the same scheme, host, port and path; else refuse it.

        Raises
        ------
        InputError
            Naming where it would have led.
        """
        here, there = urlsplit(f"{self.base}{path}"), urlsplit(address)
        try:
            same = (here.scheme, here.hostname, _port(here.scheme, here.port)) == (
                there.scheme,
                there.hostname,
                _port(there.scheme, there.port),
            )
        except ValueError:  # a port that is no number
            same = False
        if not same or there.path != here.path or there.username or there.password:
            raise InputError(
                f"the link to the next page leads elsewhere: {address}",
                where=f"{self.base}{path}",
                remedy="it is not followed; if the official interface moved, give its new address with --url",
            )
        return address

    def get(self, url: str, read: Callable[[bytes], Read]) -> Read:
        """Fetch a page and read it; a page that turns out cut off counts as a broken line.

        Raises
        ------
        InputError
            If the answer is a web page, too large, or stays damaged; if the server does not take the question.
        NotFoundError
            If the server knows no such address.
        MachineError
            If network or server keep failing.
        """
        import httpx2

        failures = 0
        while True:
            try:
                return read(self._body(url))
            except (CutError, DamagedError, httpx2.TransportError, httpx2.DecodingError, zlib.error) as error:
                failures += 1
                if failures >= self.attempts or isinstance(error, httpx2.UnsupportedProtocol | httpx2.ProxyError):
                    raise self._gave_up(url, error) from error
                asked = error.wait if isinstance(error, CutError) else 0.0
                self.sleep(min(_MAX_WAIT, max(asked, self.backoff * 2 ** (failures - 1))))
            except httpx2.InvalidURL as error:
                raise InputError(f"the address is not valid: {error}", where=url) from None

    def _gave_up(self, url: str, error: Exception) -> Exception:
        said = str(error) or type(error).__name__
        if isinstance(error, DamagedError):
            return InputError(
                f"the page came damaged {self.attempts} times: {said}",
                where=url,
                remedy="what came before is kept; try again later, and tell the publisher if it stays so",
            )
        return MachineError(
            f"the page could not be fetched: {said}",
            where=url,
            remedy="check the connection and the proxy settings (HTTPS_PROXY), then give the same command: it goes on where it stopped",
        )

    def _body(self, url: str) -> bytes:
        if self._client is None:
            raise RuntimeError("a line is used in a with statement")
        wanted = Wanted(url, max_bytes=self.max_bytes)
        started = time.monotonic()
        for _ in range(_REDIRECTS + 1):
            with self._client.stream("GET", url) as response:
                if response.has_redirect_location:
                    following = str(response.url.join(response.headers["location"]))
                    answer.check_redirect(url, following, wanted)
                    url = following
                    continue
                if response.status_code == 400:
                    raise InputError(
                        "the server does not take the question (400 Bad Request)",
                        where=url,
                        remedy="check the entity and --filter, --expand, --select and --orderby",
                    )
                if 401 <= response.status_code < 500 and response.status_code not in _PASSES:
                    raise MachineError(
                        f"the server refuses ({response.status_code} {response.reason_phrase})",
                        where=url,
                        remedy="the official interfaces ask for no key: check the address and the proxy",
                    )
                answer.judge(response, wanted)
                if response.status_code != 200:
                    raise CutError(f"the server answers {response.status_code} to a plain question")
                return self._received(response, wanted, started)
        raise InputError("the address redirects without end", where=wanted.url)

    def _received(self, response: httpx2.Response, wanted: Wanted, started: float) -> bytes:
        packing = response.headers.get("content-encoding", "identity").strip().lower()
        if packing not in {"", "identity", "gzip", "x-gzip"}:
            raise InputError(f"the answer is packed in a way that was not asked for: {packing[:40]}", where=wanted.url)
        unpack = zlib.decompressobj(31) if "gzip" in packing else None
        body = bytearray()
        for piece in response.iter_raw():
            room = self.max_bytes + 1 - len(body)
            body += unpack.decompress(piece, room) if unpack else piece[:room]
            if len(body) > self.max_bytes:
                raise InputError(
                    f"a page has more than the {self.max_bytes:,} bytes allowed",
                    where=wanted.url,
                    remedy="ask for less (--select, --filter); an honest page of the feed is far smaller",
                )
            if time.monotonic() - started > MAX_SECONDS:
                raise CutError(f"the page took more than {MAX_SECONDS:.0f} seconds")
        if unpack is not None and not unpack.eof:
            raise CutError("the packed page breaks off")
        if answer.looks_like_html(bytes(body[:1024])):
            raise answer.web_page(wanted, bytes(body[:1024]))
        return bytes(body)


def _port(scheme: str, port: int | None) -> int | None:
    return port or answer.STANDARD_PORTS.get(scheme)
