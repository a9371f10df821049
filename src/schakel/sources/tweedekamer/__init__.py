"""What does the open data of the Tweede Kamer say: cases, papers, motions, commitments, activities?

Records come in by the SyncFeed or OData (`fetch`), only when asked for, or from files (`Mirror.import_file`); they are CC0.
"""

from schakel.evidence import Source
from schakel.sources.tweedekamer.entities import ENTITIES, KINDS, Entity
from schakel.sources.tweedekamer.files import recognises
from schakel.sources.tweedekamer.mirror import FILE_NAME, Mirror
from schakel.sources.tweedekamer.motions import Besluit, Motie, Stem
from schakel.sources.tweedekamer.record import MARK_CLOSE, MARK_OPEN, Counts, Hit, Record, Row
from schakel.sources.tweedekamer.views import Activiteit, Toezegging

SOURCE = Source(
    id="tweede-kamer",
    title="Open data of the Tweede Kamer (Gegevensmagazijn), OData and SyncFeed 2.0",
    publisher="Tweede Kamer der Staten-Generaal",
    url="https://opendata.tweedekamer.nl",
    licence="CC0-1.0",
    note="Zaak and Document tested on records collected in October 2025; other entities follow the published schema.",
)

__all__ = [
    "ENTITIES",
    "FILE_NAME",
    "KINDS",
    "MARK_CLOSE",
    "MARK_OPEN",
    "SOURCE",
    "Activiteit",
    "Besluit",
    "Counts",
    "Entity",
    "Hit",
    "Mirror",
    "Motie",
    "Record",
    "Row",
    "Stem",
    "Toezegging",
    "recognises",
]
