"""Official records to test with, and a local server that plays the House's interfaces: rightly, and in every wrong way asked of it.

Zaak and Document are the recorded ones where the shared data folder is there, else a few of the same shape. The other entities
were never recorded: they follow the published schema.
"""

from __future__ import annotations

import gzip
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from shared import DATA

RECORDED = DATA / "tweede_kamer"
NS = "http://www.tweedekamer.nl/xsd/tkData/v1-0"
SUBJECTS = (
    "Voortgangsbrief economische veiligheid",
    "Verwerkingscapaciteit kritieke grondstoffen",
    "Motie van het lid Kostić c.s. over een voorraad kritieke grondstoffen",
    "Toezeggingenregistratie",
    "Antwoorden op vragen over exportcontrole van halfgeleiders",
    "Reactie op verzoek commissie over strategische autonomie",
)


def key(name: object) -> str:
    """Return an identifier that is the same in every run."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, str(name)))


def case(number: int = 1, **changed: Any) -> dict[str, Any]:
    """Return a Zaak as OData gives it."""
    made = {
        "Id": key(f"zaak {number}"),
        "Nummer": f"2024Z{number:05d}",
        "Soort": "Brief regering",
        "Titel": "Nationale Veiligheid",
        "Citeertitel": None,
        "Alias": None,
        "Status": "Vrijgegeven",
        "Onderwerp": SUBJECTS[number % len(SUBJECTS)],
        "GestartOp": "2024-01-04T00:00:00+01:00",
        "Organisatie": "Tweede Kamer",
        "Grondslagvoorhang": None,
        "Termijn": None,
        "Vergaderjaar": "2023-2024",
        "Volgnummer": number,
        "HuidigeBehandelstatus": None,
        "Afgedaan": True,
        "GrootProject": False,
        "GewijzigdOp": "2024-02-19T10:59:02.367+01:00",
        "ApiGewijzigdOp": "2024-02-19T12:02:43.5191588Z",
        "Verwijderd": False,
        "Kabinetsappreciatie": None,
    }
    return {**made, **changed}


def cases(most: int = 40) -> list[dict[str, Any]]:
    """Return recorded cases, or made ones of the same shape."""
    file = RECORDED / "zaak_topical.json"
    found: list[dict[str, Any]] = json.loads(file.read_text("utf-8")) if file.exists() else []
    return (found or [case(n) for n in range(1, 61)])[:most]


def fields(record: dict[str, Any]) -> dict[str, Any]:
    """Return an OData record with the names of the feed."""
    return {
        k[0].lower() + k[1:]: v
        for k, v in record.items()
        if k not in {"Id", "ApiGewijzigdOp", "GewijzigdOp", "Verwijderd"}
    }


def entry(
    entity: str,
    id: str,
    updated: str = "2024-02-19T12:02:43.5191588Z",
    links: Sequence[tuple[str, str]] = (),
    *,
    deleted: bool = False,
    prefix: str = "",
    next: str = "",
    **values: Any,
) -> str:
    """Return an entry of the feed."""

    def text(value: Any) -> str:
        return str(value).lower() if isinstance(value, bool) else escape(str(value))

    body = "".join(f'<{prefix}{name} ref="{ref}"/>' for name, ref in links)
    for name, value in values.items():
        for one in value if isinstance(value, list) else [value]:
            body += (
                f'<{prefix}{name} xsi:nil="true"/>' if one is None else f"<{prefix}{name}>{text(one)}</{prefix}{name}>"
            )
    space = f'xmlns{":" + prefix[:-1] if prefix else ""}="{NS}"'
    tag = prefix + entity[0].lower() + entity[1:]
    link = f'<link rel="next" href="{escape(next)}"/>' if next else ""
    return (
        f"<entry><title>{id}</title><id>https://gegevensmagazijn.tweedekamer.nl/SyncFeed/2.0/Entiteiten/{id}</id>"
        f'<updated>{updated}</updated><category term="{tag}"/>{link}<content type="application/xml">'
        f'<{tag} {space} xmlns:tk="{NS}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="{id}" '
        f'tk:bijgewerkt="{updated}" tk:verwijderd="{str(deleted).lower()}">{body}</{tag}></content></entry>'
    )


def zaak_entry(record: dict[str, Any], **more: Any) -> str:
    """Return a recorded case as the feed would write it."""
    return entry("Zaak", record["Id"], record["ApiGewijzigdOp"], **more, **fields(record))


def feed(entries: Sequence[str], next: str = "", resume: str = "") -> bytes:
    """Return a page of the feed."""
    links = "".join(
        f'<link rel="{rel}" href="{escape(href)}"/>' for rel, href in (("next", next), ("resume", resume)) if href
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" '
        f'xmlns:tk="{NS}"><title>SyncFeed</title>{links}<updated>2025-10-17T12:00:00Z</updated>{"".join(entries)}</feed>'
    ).encode()


@dataclass
class Answer:
    """One answer of the server; ``cut`` hangs up after so many bytes, ``announce`` tells another length."""

    body: bytes = b""
    status: int = 200
    kind: str = "application/atom+xml"
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    announce: int | None = None
    wait: threading.Event | None = None


@dataclass
class House:
    """The server: ``answers`` by path and question, ``first`` are given before, one a request."""

    url: str = ""
    answers: Callable[[str, dict[str, str]], Answer] = lambda path, asked: Answer(b"", 404)
    first: list[Answer] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)

    def feed_of(self, pages: Sequence[Sequence[str]], category: str = "Zaak") -> None:
        """Play a feed of these pages; page n has skiptoken n * 10, and after the last comes an empty one with a resume link."""

        def address(token: int) -> str:
            return f"{self.url}/SyncFeed/2.0/Feed?category={category}&skiptoken={token}"

        def play(path: str, asked: dict[str, str]) -> Answer:
            at = int(asked.get("skiptoken", "0")) // 10
            if path != "/SyncFeed/2.0/Feed" or asked.get("category") != category:
                return Answer(b"", 404)
            if at >= len(pages):
                return Answer(feed([], resume=address(len(pages) * 10)))
            return Answer(feed(pages[at], next=address(at * 10 + 10)))

        self.answers = play

    def odata_of(
        self, records: Sequence[dict[str, Any]], entity: str = "Zaak", *, links: bool = True, size: int = 250
    ) -> None:
        """Play OData over these records, as the real one does: no link to a next page when $top is asked."""

        def play(path: str, asked: dict[str, str]) -> Answer:
            if path != f"/OData/v4/2.0/{entity}":
                return Answer(b"", 404)
            skip = int(asked.get("$skiptoken") or asked.get("$skip") or 0)
            listed = sorted(records, key=lambda r: str(r["Id"])) if asked.get("$orderby") == "Id" else list(records)
            most = min(size, int(asked.get("$top", size)))
            page: dict[str, Any] = {
                "@odata.context": f"{self.url}/OData/v4/2.0/$metadata#{entity}",
                "value": listed[skip : skip + most],
            }
            if links and "$top" not in asked and skip + most < len(records):
                page["@odata.nextLink"] = f"{self.url}{path}?$skiptoken={skip + most}"
            return Answer(json.dumps(page).encode(), kind="application/json")

        self.answers = play


class _Handler(BaseHTTPRequestHandler):
    house: House

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        house = self.house
        house.seen.append(self.path)
        parts = urlsplit(self.path)
        asked = {k: v[0] for k, v in parse_qs(parts.query, keep_blank_values=True).items()}
        answer = house.first.pop(0) if house.first else house.answers(parts.path, asked)
        if answer.wait is not None:
            house.arrived.set()
            answer.wait.wait(30)
        try:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body) if answer.announce is None else answer.announce))
            self.end_headers()
            self.wfile.write(answer.body if answer.cut is None else answer.body[: answer.cut])
            self.wfile.flush()
        except (BrokenPipeError, ConnectionResetError):
            pass
        self.close_connection = True


@contextmanager
def house() -> Iterator[House]:
    """Open the server."""
    made = House()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Handler,), {"house": made}))
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield made
    finally:
        made.release.set()
        server.shutdown()
        thread.join()
        server.server_close()


def no_proxy(patch: Any) -> None:
    """Take away proxies of the machine."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        patch.delenv(name, raising=False)
        patch.delenv(name.upper(), raising=False)


def packed(body: bytes) -> Answer:
    """Return an answer that is packed with gzip."""
    return Answer(gzip.compress(body), headers={"Content-Encoding": "gzip"})


def wait_for(true: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.02)
