"""Numbers in, SVG out: pure functions for pages and reports, each with the same content in words."""

from schakel.charts.band import Path, Span, bands, bands_words, spans, spans_words
from schakel.charts.bars import Bar, Range, bar_cell, bars, bars_words, interval, interval_words, stack_cell, straddles
from schakel.charts.choropleth import BOUNDARIES, choropleth, choropleth_words, world
from schakel.charts.layered import Arrow, Box, layered, layered_legend, layered_words
from schakel.charts.lines import Series, lines, lines_words, small_multiples
from schakel.charts.numbers import fine_percent, money
from schakel.charts.sankey import Link, Node, fold, sankey, sankey_words
from schakel.charts.scale import class_labels
from schakel.charts.stylesheet import standalone, stylesheet
from schakel.charts.svg import Words
from schakel.charts.timeline import Happening, Track, timeline, timeline_legend, timeline_words
from schakel.charts.verdicts import verdict_grid, verdict_grid_words, verdict_mark
from schakel.charts.waterfall import waterfall, waterfall_words

__all__ = [
    "BOUNDARIES",
    "Arrow",
    "Bar",
    "Box",
    "Happening",
    "Link",
    "Node",
    "Path",
    "Range",
    "Series",
    "Span",
    "Track",
    "Words",
    "bands",
    "bands_words",
    "bar_cell",
    "bars",
    "bars_words",
    "choropleth",
    "choropleth_words",
    "class_labels",
    "fine_percent",
    "fold",
    "interval",
    "interval_words",
    "layered",
    "layered_legend",
    "layered_words",
    "lines",
    "lines_words",
    "money",
    "sankey",
    "sankey_words",
    "small_multiples",
    "spans",
    "spans_words",
    "stack_cell",
    "standalone",
    "straddles",
    "stylesheet",
    "timeline",
    "timeline_legend",
    "timeline_words",
    "verdict_grid",
    "verdict_grid_words",
    "verdict_mark",
    "waterfall",
    "waterfall_words",
    "world",
]
