"""Which papers does a text cite, which of them exist as written, and where are they published?"""

from schakel.dossiers.citations.cited import Cited, cite

__all__ = ["Cited", "cite"]
