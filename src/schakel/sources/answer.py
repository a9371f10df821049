"""What did the server answer: the file, a part of it, a detour, a web page, or a refusal?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from schakel.errors import InputError, IntegrityError, MachineError, NotFoundError

if TYPE_CHECKING:
    import httpx2

MAX_BYTES = 16 << 30
STANDARD_PORTS = {"http": 80, "https": 443}
_RETRY_STATUS = {408, 425, 429, 500, 502, 503, 504}
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be fetched and what is known of it beforehand.

    Attributes
    ----------
    sha256, size
        Expected hash and bytes, where known.
    hosts
        Other hosts to which the address may redirect.
    max_bytes
        Largest file that is accepted.
    html
        Whether a web page is what is wanted.
    """

    url: str
    sha256: str = ""
    size: int | None = None
    hosts: frozenset[str] = frozenset()
    max_bytes: int = MAX_BYTES
    html: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """What the server said of the file: its final address, its state, and its bytes (None when it did not say)."""

    url: str = ""
    etag: str = ""
    last_modified: str = ""
    total: int | None = None

    @property
    def validator(self) -> str:
        """What If-Range may carry: a strong ETag, else the date, else nothing."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified


class CutError(Exception):
    """The line or the server failed in a way that may pass; ``wait`` is the seconds that the server asks for."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


def judge(response: httpx2.Response, wanted: Wanted) -> Note:
    """Refuse what is no data, and return what the server says of the file.

    Raises
    ------
    CutError
        If the server asks to come back later.
    NotFoundError, MachineError, InputError
        If there is no such file, the server refuses, or it sends a web page.
    """
    status = response.status_code
    if status in _RETRY_STATUS:
        raise CutError(f"the server answers {status}", retry_after(response.headers.get("retry-after", "")))
    if status in {404, 410}:
        raise NotFoundError(
            f"the server has no such file ({status})",
            where=str(response.url),
            remedy="look for its present address on the publisher's site",
        )
    if status not in {200, 206, 416}:
        raise MachineError(
            f"the server refuses ({status} {response.reason_phrase})",
            where=str(response.url),
            remedy="it may want a key or a browser: download it by hand and add it with: schakel data add FILE",
        )
    kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
    if status != 416 and not wanted.html and kind in {"text/html", "application/xhtml+xml"}:
        raise web_page(wanted, next(response.iter_raw(4096), b""))
    length = response.headers.get("content-length", "")
    total = int(length) if length.isdigit() and status == 200 else None
    return Note(str(response.url), response.headers.get("etag", ""), response.headers.get("last-modified", ""), total)


def check_redirect(old: str, new: str, wanted: Wanted) -> None:
    """Refuse a detour to another host than asked for or allowed, or to one without encryption.

    Raises
    ------
    InputError
        Naming the host.
    """
    here, there = urlsplit(old), urlsplit(new)
    if here.scheme == "https" and there.scheme != "https":
        raise InputError(
            f"the address redirects to one without encryption: {new}", where=old, remedy="use the https address"
        )
    if there.scheme in STANDARD_PORTS and (there.hostname or "") in wanted.hosts:
        return
    if there.hostname == here.hostname and (_port(here) == _port(there) or (_standard(here) and _standard(there))):
        return
    raise InputError(
        f"the address redirects to another host: {there.netloc or new}",
        where=old,
        remedy=f"check that the publisher means it, then allow it with --allow-host {there.hostname}",
    )


def check_size(total: int | None, wanted: Wanted) -> None:
    """Refuse a file of another length than expected, or longer than allowed.

    Raises
    ------
    InputError, IntegrityError
        Saying both lengths.
    """
    if total is None:
        return
    if total > wanted.max_bytes:
        raise InputError(
            f"the file has {total:,} bytes, more than the {wanted.max_bytes:,} allowed",
            where=wanted.url,
            remedy="download it by hand if it is what you want, and add it with: schakel data add FILE",
        )
    if wanted.size is not None and total != wanted.size:
        raise IntegrityError(
            f"the server announces {total:,} bytes, expected were {wanted.size:,}",
            where=wanted.url,
            remedy="the file was replaced or the answer is not the file; look at the publisher's site",
        )


def looks_like_html(start: bytes) -> bool:
    """Return whether a body begins as a web page does."""
    return _HTML.match(start) is not None


def web_page(wanted: Wanted, start: bytes) -> InputError:
    """Return the error for a web page that came in the place of data, with its title."""
    title = re.search(rb"<title[^>]*>([^<]{1,120})", start, re.IGNORECASE)
    named = f" titled {title[1].decode('utf-8', 'replace').strip()!r}" if title else ""
    return InputError(
        f"the address gives a web page{named}, not a data file",
        where=wanted.url,
        remedy="the file may have moved or want a login: download it with a browser and add that file",
    )


def content_range(text: str) -> tuple[int | None, int | None]:
    """Return first byte and total of a Content-Range header, None where it does not say."""
    found = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", text.strip())
    if found is None:
        return None, None
    return int(found[1]), None if found[2] == "*" else int(found[2])


def retry_after(text: str) -> float:
    """Return the seconds of a Retry-After header, given as seconds or as a date; 0 when it says nothing usable."""
    if text.strip().isdigit():
        return float(text)
    message = EmailMessage()
    try:
        message["Date"] = text
        moment = message["Date"].datetime
    except (ValueError, TypeError, IndexError):
        return 0.0
    return max(0.0, (moment - datetime.now(UTC)).total_seconds()) if moment and moment.tzinfo else 0.0


def _port(parts: SplitResult) -> int | None:
    return parts.port or STANDARD_PORTS.get(parts.scheme)


def _standard(parts: SplitResult) -> bool:
    return _port(parts) == STANDARD_PORTS.get(parts.scheme)
