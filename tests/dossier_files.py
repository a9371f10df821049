"""Letters made on the spot: docx, PDF, broken and hostile ones."""

from __future__ import annotations

import io
import zipfile

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def mark(number: int) -> str:
    return f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'


def paragraph(*inside: str) -> str:
    return f"<w:p>{''.join(inside)}</w:p>"


def text_box(text: str) -> str:
    box = f"<w:txbxContent>{paragraph(run(text))}</w:txbxContent>"
    return f"<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{paragraph(run(cell))}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{c}</w:tr>' for c in cells)}</w:tbl>"


def docx(
    *body: str, notes: dict[int, str] | None = None, declare: str = "", extra: dict[str, bytes] | None = None
) -> bytes:
    """Return a docx with the given body and footnotes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml",
            f'<?xml version="1.0"?>{declare}<w:document {W}><w:body>{"".join(body)}</w:body></w:document>',
        )
        if notes is not None:
            separators = '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:t>---</w:t></w:r></w:p></w:footnote>'
            made = "".join(f'<w:footnote w:id="{k}">{paragraph(run(v))}</w:footnote>' for k, v in notes.items())
            archive.writestr("word/footnotes.xml", f"<w:footnotes {W}>{separators}{made}</w:footnotes>")
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return buffer.getvalue()


def pdf(source: str) -> bytes:
    """Return a PDF set from Typst markup."""
    import typst

    made: bytes = typst.compile(source.encode())
    return made


def raw_pdf(trailer: str = "", extra: str = "") -> bytes:
    """Return a PDF of one empty page, with more in its trailer."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>",
    ]
    if extra:
        objects.append(extra)
    out = "%PDF-1.4\n"
    places = []
    for i, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{i} 0 obj\n{content}\nendobj\n"
    begin = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{p:010d} 00000 n \n" for p in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{begin}\n%%EOF\n"
    return out.encode("latin-1")


def encrypted_pdf() -> bytes:
    """Return a PDF that wants a password which nobody knows."""
    secret = "<" + "41" * 32 + ">"
    return raw_pdf("/Encrypt 4 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]",
                   f"<< /Filter /Standard /V 1 /R 2 /O {secret} /U {secret} /P -44 >>")  # fmt: skip
