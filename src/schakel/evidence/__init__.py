"""What every number carries: source, licence, citation, finding and run receipt."""

from schakel.evidence.finding import Citation, Finding
from schakel.evidence.licence import Licence, licence, licences
from schakel.evidence.receipt import InputRef, Receipt, result_sha256, sha256_file, sha256_text
from schakel.evidence.source import Mark, Source

__all__ = [
    "Citation",
    "Finding",
    "InputRef",
    "Licence",
    "Mark",
    "Receipt",
    "Source",
    "licence",
    "licences",
    "result_sha256",
    "sha256_file",
    "sha256_text",
]
