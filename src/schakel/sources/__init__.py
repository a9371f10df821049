"""How do published files become lake tables? One module per source, every row accounted for."""

from __future__ import annotations

from schakel.sources.reader import Head, Loaded, Reader, ReadOptions, look, reader, readers, recognise

__all__ = ["Head", "Loaded", "ReadOptions", "Reader", "look", "reader", "readers", "recognise"]
