"""Numbers in, SVG out: pure functions for pages and reports, each with the same content in words."""

from schakel.charts.bars import Bar, Range, bar_cell, bars, bars_words, interval, interval_words, stack_cell, straddles
from schakel.charts.choropleth import BOUNDARIES, choropleth, choropleth_words, world
from schakel.charts.lines import Series, lines, lines_words, small_multiples
from schakel.charts.sankey import Link, Node, fold, sankey, sankey_words
from schakel.charts.scale import class_labels
from schakel.charts.stylesheet import standalone, stylesheet
from schakel.charts.svg import Words
from schakel.charts.verdicts import verdict_grid, verdict_grid_words, verdict_mark

__all__ = [
    "BOUNDARIES",
    "Bar",
    "Link",
    "Node",
    "Range",
    "Series",
    "Words",
    "bar_cell",
    "bars",
    "bars_words",
    "choropleth",
    "choropleth_words",
    "class_labels",
    "fold",
    "interval",
    "interval_words",
    "lines",
    "lines_words",
    "sankey",
    "sankey_words",
    "small_multiples",
    "stack_cell",
    "standalone",
    "straddles",
    "stylesheet",
    "verdict_grid",
    "verdict_grid_words",
    "verdict_mark",
    "world",
]
