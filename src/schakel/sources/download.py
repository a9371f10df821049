"""How does a published file get here whole, and how do we know?

The body goes to ``NAME.part`` with a note of what the server said of it (``NAME.part.json``); a cut line is taken up
again where it broke, if the server vouches that it is still the same file (If-Range). Only a file of the announced
length, and of the expected hash when one is known, gets its name. A proxy is taken from the environment.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from schakel.errors import InputError, IntegrityError, MachineError
from schakel.evidence import sha256_file
from schakel.lake.lock import held
from schakel.lake.stage import machine_faults, sync
from schakel.sources import answer
from schakel.sources.answer import CutError, Note, Wanted

if TYPE_CHECKING:
    import httpx2

MAX_REDIRECTS = 5
MAX_WAIT_SECONDS = 60.0
_SNIFF = 1024

Step = Callable[[float], None]
Progress = Callable[[float | None], AbstractContextManager[Step]]


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file that is here.

    Attributes
    ----------
    url
        Where it came from after redirects.
    resumed
        Whether a broken download was taken up.
    warnings
        What could not be made sure.
    """

    path: Path
    url: str
    sha256: str
    bytes: int
    retrieved: str
    etag: str = ""
    last_modified: str = ""
    resumed: bool = False
    warnings: tuple[str, ...] = ()


def file_name(url: str) -> str:
    """Return a safe file name for an address: from a ``file`` parameter, else from the end of the path.

    Examples
    --------
    >>> file_name("https://example.org/files?file=a%2Fb%2Ffull_v2_202352.7z")
    'full_v2_202352.7z'
    """
    parts = urlsplit(url)
    given = [value for key, value in parse_qsl(parts.query) if key.lower() in {"file", "downfile", "filename"}]
    raw = (given[0] if given else unquote(parts.path)).replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    return re.sub(r"[^A-Za-z0-9._-]+", "_", raw).lstrip(".")[:120] or "download"


def download(
    wanted: Wanted,
    folder: Path,
    *,
    name: str = "",
    attempts: int = 6,
    backoff: float = 1.0,
    timeout: float = 60.0,
    progress: Progress | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Downloaded:
    """Fetch a file into a folder, or take up a download that broke there.

    Parameters
    ----------
    name
        File name; derived from the address when empty.
    attempts
        Tries in a row that bring no new bytes before giving up.
    backoff
        Seconds before the second try; doubled each time up to a minute.
    timeout
        Seconds without a byte after which the line counts as cut.
    progress
        Called with the total bytes (None when unknown); its context yields a function that is told of each piece.

    Raises
    ------
    InputError
        If the address is no http address, redirects to another host, gives a web page, or more than ``max_bytes``.
    NotFoundError
        If the server knows no such file.
    IntegrityError
        If length or hash are not as expected; the file is removed.
    MachineError
        If the network, the server or the disk keeps failing; what was fetched stays for the next try.
    """
    parts = urlsplit(wanted.url)
    if parts.scheme not in answer.STANDARD_PORTS or not parts.hostname or parts.username:
        raise InputError(
            "this is no address that can be fetched",
            where=wanted.url,
            remedy="give an https:// address without a user name",
        )
    target = folder / (name or file_name(wanted.url))
    with machine_faults(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with held(target.with_name(f".{target.name}.lock"), wait=False) as mine:
            if not mine:
                raise MachineError(
                    "another process is fetching this file",
                    where=str(target),
                    remedy="wait until it is done, then try again",
                )
            return _Transfer(wanted, target, attempts, backoff, timeout, progress, sleep).run()


@dataclass
class _Transfer:
    wanted: Wanted
    target: Path
    attempts: int
    backoff: float
    timeout: float
    progress: Progress | None
    sleep: Callable[[float], None]
    resumed: bool = False

    @property
    def part(self) -> Path:
        return self.target.with_name(self.target.name + ".part")

    @property
    def note_file(self) -> Path:
        return self.target.with_name(self.target.name + ".part.json")

    def run(self) -> Downloaded:
        import httpx2

        # the bytes must be those of the file: a server that packs them would make length and hash mean nothing
        headers = {"Accept-Encoding": "identity", "User-Agent": "schakel"}
        failures = best = 0
        with httpx2.Client(timeout=self.timeout, headers=headers, follow_redirects=False) as client:
            while True:
                best = max(best, self._have())
                try:
                    note = self._attempt(client)
                    return self._finish(note)
                except (CutError, httpx2.TransportError, httpx2.DecodingError) as error:
                    failures = 1 if self._have() > best else failures + 1
                    if failures >= self.attempts or isinstance(error, httpx2.UnsupportedProtocol | httpx2.ProxyError):
                        raise self._gave_up(error) from error
                    asked = error.wait if isinstance(error, CutError) else 0.0
                    self.sleep(min(MAX_WAIT_SECONDS, max(asked, self.backoff * 2 ** (failures - 1))))
                except httpx2.InvalidURL as error:
                    raise InputError(f"the address is not valid: {error}", where=self.wanted.url) from None

    def _have(self) -> int:
        return self.part.stat().st_size if self.part.exists() else 0

    def _gave_up(self, error: Exception) -> MachineError:
        have = self._have()
        kept = f"; {have:,} bytes are kept and the next try goes on from there" if have else ""
        return MachineError(
            f"the file could not be fetched: {str(error) or type(error).__name__}{kept}",
            where=self.wanted.url,
            remedy="check the connection and the proxy settings (HTTPS_PROXY), then try again; "
            "or download it by other means and add it with: schakel data add FILE",
        )

    def _attempt(self, client: httpx2.Client) -> Note:
        old = self._read_note()
        have = self._have()
        headers = {}
        if have and (old.validator or self.wanted.sha256):
            headers["Range"] = f"bytes={have}-"
            if old.validator:
                headers["If-Range"] = old.validator
        with self._response(client, headers) as response:
            note = answer.judge(response, self.wanted)
            if response.status_code == 416 and have:  # there is nothing beyond what we have, or the file has shrunk
                if old.total == have:
                    return old
                self.part.unlink()
                raise CutError("the server has no such range; starting over")
            if response.status_code == 206:
                start, total = answer.content_range(response.headers.get("content-range", ""))
                known = old.total is not None and total is not None
                if start != have or (known and total != old.total) or (old.etag and note.etag not in {"", old.etag}):
                    self.part.unlink(missing_ok=True)
                    raise CutError("the server sent another part than asked for; starting over")
                note = replace(note, total=total if total is not None else old.total)
                self.resumed = True
            else:
                have = 0
            answer.check_size(note.total, self.wanted)
            self.note_file.write_text(json.dumps(asdict(note)), "utf-8")
            try:
                self._receive(response, have, note.total)
            except InputError:  # what came is not the file, so nothing of it is worth keeping
                self._forget()
                raise
        if note.total is not None and self._have() != note.total:
            raise CutError(f"{self._have():,} of {note.total:,} bytes came")
        return note

    @contextmanager
    def _response(self, client: httpx2.Client, headers: dict[str, str]) -> Iterator[httpx2.Response]:
        url = self.wanted.url
        for _ in range(MAX_REDIRECTS + 1):
            with client.stream("GET", url, headers=headers) as response:
                if not response.has_redirect_location:
                    yield response
                    return
                following = str(response.url.join(response.headers["location"]))
                answer.check_redirect(url, following, self.wanted)
                url = following
        raise InputError(
            "the address redirects without end", where=self.wanted.url, remedy="look for the file's present address"
        )

    def _receive(self, response: httpx2.Response, have: int, total: int | None) -> None:
        show = self.progress(total) if self.progress is not None else nullcontext(lambda amount: None)
        with self.part.open("ab" if have else "wb") as out, show as step:
            step(have)
            first = b""
            for piece in response.iter_raw():  # pieces as they come: none is lost when the line breaks
                if not have and len(first) < _SNIFF:
                    first += piece[:_SNIFF]
                    if not self.wanted.html and answer.looks_like_html(first):
                        out.truncate(0)
                        raise answer.web_page(self.wanted, first)
                if out.tell() + len(piece) > self.wanted.max_bytes:
                    raise InputError(
                        f"more than the {self.wanted.max_bytes:,} bytes allowed came",
                        where=self.wanted.url,
                        remedy="download it by hand",
                    )
                out.write(piece)
                step(len(piece))

    def _finish(self, note: Note) -> Downloaded:
        size = self._have()
        digest = sha256_file(self.part) if self.part.exists() else ""
        problem = ""
        if not size:
            problem = "the server sent an empty file"
        elif self.wanted.size is not None and size != self.wanted.size:
            problem = f"{size:,} bytes came, expected were {self.wanted.size:,}"
        elif self.wanted.sha256 and digest != self.wanted.sha256.lower():
            problem = f"the sha256 of the file is {digest}, expected was {self.wanted.sha256.lower()}"
        if problem:
            self._forget()
            if self.resumed:  # perhaps the beginning was of another state of the file
                self.resumed = False
                raise CutError(problem)
            raise IntegrityError(
                problem, where=self.wanted.url, remedy="try again; if it stays so, the file was replaced"
            )
        sync(self.part)
        self.part.replace(self.target)
        self._forget()
        sync(self.target.parent)
        warnings = []
        if note.total is None and not self.wanted.sha256:
            warnings.append("the server did not say how long the file is, so a cut at the end would go unseen")
        if urlsplit(note.url).scheme == "http":
            warnings.append("the file came without encryption, so nobody vouches for its origin")
        return Downloaded(
            self.target,
            note.url,
            digest,
            size,
            datetime.now(UTC).date().isoformat(),
            note.etag,
            note.last_modified,
            self.resumed,
            tuple(warnings),
        )

    def _read_note(self) -> Note:
        try:
            data: dict[str, Any] = json.loads(self.note_file.read_text("utf-8"))
            return Note(str(data["url"]), str(data["etag"]), str(data["last_modified"]), data["total"])
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return Note()

    def _forget(self) -> None:
        self.note_file.unlink(missing_ok=True)
        self.part.unlink(missing_ok=True)
