"""Which characters does a file hold, and is it safe to unpack?

Limits: 200 MB a file; of a packed file at most 4,000 parts, 400 MB unpacked, and no part above 1 MB that unpacks to more than
150 times its size. XML may not declare entities: that is how a few lines become gigabytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from xml.parsers import expat

from schakel.dossiers.finding import DossierFinding
from schakel.errors import InputError

FILE_MAX = 200 * 1024**2
PARTS_MAX = 4_000
UNPACKED_MAX = 400 * 1024**2
RATIO_MAX = 150
_DECLARED = re.compile(rb"""(?:encoding|charset)\s{0,3}=\s{0,3}["']?([A-Za-z0-9_.:-]{2,40})""")
_MARKS = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CONTROLS = bytes(c for c in range(32) if c not in b"\t\n\r\f\x02\x0b\x1e\0")
_MOJIBAKE = re.compile("Ã[\u00a0-¿©«¡¤¼]|â€[™œ\u009d“”¦¢]|Â[\u00a0«»°]")


def decode(data: bytes, name: str) -> tuple[str, list[DossierFinding]]:
    """Return the text of a file and what was odd about its encoding; UTF-8 unless the bytes say otherwise.

    Raises
    ------
    InputError
        When the bytes are no text.
    """
    wide = _wide(data)
    if wide:
        try:
            return data.decode(wide), []
        except UnicodeDecodeError as error:
            raise InputError(
                f"The file begins as {wide.upper()} and is not.", where=name, remedy="Save it as UTF-8."
            ) from error
    head = data[:4096]
    if head.count(0) > len(head) // 50 or len(head.translate(None, _CONTROLS)) < len(head) * 0.9:
        raise InputError("The file is not text.", where=name, remedy="Hand in docx, PDF, XML, HTML or text.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        declared = _declared(data)
        text = data.decode(declared or "cp1252", errors="replace")
        used = declared or "Windows-1252"
        en = f"Not UTF-8 (byte {error.start}); read as {used}. Offsets count the characters read so."
        nl = f"Geen UTF-8 (byte {error.start}); gelezen als {used}. Posities tellen de zo gelezen tekens."
        return text, [DossierFinding("encoding", 0, 0, "", {"en": en, "nl": nl})]
    broken = _MOJIBAKE.search(text)
    if not broken:
        return text, []
    en = f"Characters such as {broken.group()!r} show that the text was once saved in the wrong encoding."
    nl = f"Tekens als {broken.group()!r} laten zien dat de tekst ooit in de verkeerde codering is bewaard."
    return text, [DossierFinding("encoding", broken.start(), broken.end(), broken.group(), {"en": en, "nl": nl})]


def _wide(data: bytes) -> str:
    """Return the encoding of a text in characters of two or four bytes, told by its mark or by where its zero bytes stand."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    head = data[: min(4096, len(data) // 2 * 2)]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(head) > 8 and head[first::2].count(0) * 10 > len(head) * 4 and not head[1 - first :: 2].count(0):
            return encoding
    return ""


def _declared(data: bytes) -> str | None:
    found = _DECLARED.search(data[:2000])
    if not found:
        return None
    try:
        b"".decode(found[1].decode("ascii"))
    except LookupError:
        return None
    return found[1].decode("ascii")


def unpack(data: bytes, name: str, wanted: tuple[str, ...]) -> dict[str, bytes]:
    """Return the wanted parts of a zip file, those that are there.

    Raises
    ------
    InputError
        When it is no zip file, is encrypted, or would unpack to more than the limits.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise InputError(
            "The packed file is damaged.", where=name, remedy="Save it again in the word processor."
        ) from error
    parts = archive.infolist()
    bomb = len(parts) > PARTS_MAX or sum(p.file_size for p in parts) > UNPACKED_MAX
    bomb = bomb or any(p.file_size > 1024**2 and p.file_size > RATIO_MAX * max(1, p.compress_size) for p in parts)
    if bomb:
        raise InputError(
            "The packed file would unpack to far more than a letter holds.",
            where=name,
            remedy="Refused as a zip bomb; open it in a word processor and save it again.",
        )
    found = {}
    for part in parts:
        if part.filename not in wanted:
            continue
        if part.flag_bits & 1:
            raise InputError("The file is encrypted.", where=name, remedy="Remove the password and hand it in again.")
        try:
            with archive.open(part) as stream:
                content = stream.read(part.file_size + 1)
        except (
            zipfile.BadZipFile,
            EOFError,
            OSError,
            ValueError,
            RuntimeError,
            NotImplementedError,
            zlib_error(),
        ) as error:
            raise InputError(
                "A part of the packed file is damaged.",
                where=f"{name}, {part.filename}",
                remedy="Save it again in the word processor.",
            ) from error
        if len(content) > part.file_size:
            raise InputError(
                "A part is longer than the packed file says.",
                where=f"{name}, {part.filename}",
                remedy="Refused as a zip bomb.",
            )
        found[part.filename] = content
    return found


def zlib_error() -> type[Exception]:
    """Return the exception of damaged compression."""
    import zlib

    return zlib.error


def parser(name: str) -> expat.XMLParserType:
    """Return an XML parser that refuses entity declarations and fetches nothing."""
    made = expat.ParserCreate(namespace_separator=" ")
    made.buffer_text = True

    def refuse(*_: object) -> None:
        raise InputError(
            "The XML declares entities.",
            where=name,
            remedy="Refused as an entity bomb; remove the DOCTYPE with its entities.",
        )

    made.EntityDeclHandler = refuse
    made.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    return made


def parse(made: expat.XMLParserType, data: bytes, name: str) -> None:
    """Run a parser over a whole document.

    Raises
    ------
    InputError
        When the XML is not well-formed.
    """
    try:
        made.Parse(data, True)
    except (LookupError, ValueError) as error:
        raise InputError(
            f"The encoding that the XML declares cannot be read: {error}.", where=name, remedy="Save it as UTF-8."
        ) from error
    except expat.ExpatError as error:
        raise InputError(
            f"The XML is damaged: {expat.errors.messages.get(error.code, error)}.",
            where=f"{name}, line {error.lineno}",
            remedy="Fetch or save the file again.",
        ) from error
