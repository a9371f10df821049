"""Schakel: a geo-economic monitor, from the figure in a trade file to the promise in a letter."""

__version__ = "0.1.0"
