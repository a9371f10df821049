"""How does a letter relate to a motion: does it fulfil, report, defer, or only appreciate?

The title says so; what follows "over" is the subject of the motion and is left out.
"""

from __future__ import annotations

import re

from schakel.dossiers.deadlines.points import compiled, plain

RELATIONS = ("fulfils", "part", "reports", "defers", "appreciates", "answers_about", "reacts")
"""Only ``fulfils`` fulfils and ``part`` does so in part; ``answers_about`` are answers to questions on a letter about it."""

_SECOND = compiled(
    r"\b(?:antwoord\w*|beantwoording|reactie) (?:op )?(?:de |nadere )?(?:vragen|verzoek(?:en)?)\b"
    r"|\bverslag van een schriftelijk overleg\b|\b(?:answers?|reply) to (?:questions|request)"
)
_DEFER = compiled(
    r"\buitstel(?:brief|bericht)?\b|\b(?:wordt |is )?uitgesteld\b|\bvertrag(?:ing|ingsbericht)\b"
    r"|\blater (?:informeren|toe te zenden)\b|\bpostpone\w*|\bdefer\w*|\bdelay\w*"
)
_APPRECIATE = compiled(
    r"\b(?:nadere |schriftelijke |kabinets)?appreciatie\b|\bappreciation\b|\bopinion on the motion\b"
    r"|\boordeel (?:over|op) (?:de )?(?:\w+ )?motie"
)
_REPORT = compiled(
    r"\b(?:stand van zaken\w*|standvanzakenbrief|status(?:overzicht)?|planning (?:van de )?(?:afdoening|uitvoering|afhandeling)"
    r"|overzicht (?:van )?(?:de )?(?:openstaande )?(?:moties|toezeggingen)|update|voortgang\w*|tussenstand|tussenrapportage|state of play|progress|interim)\b"
)
_FULFIL = compiled(
    r"\b(?:uitvoering|invulling|opvolging|afdoening|afhandeling|nakoming|gevolg (?:geven )?aan|gestand|uitwerking|uitkomsten|verkenning naar aanleiding"
    r"|proces uitvoering|naar aanleiding van de (?:\w+ )?motie|n\.a\.v\. de (?:\w+ )?motie|implementation"
    r"|execution|fulfil\w*|follow-up)\b"
)
_REACT = compiled(r"\b(?:kabinets|beleids)?reactie\b|\bresponse\b|\breaction\b")
_PART = compiled(r"\b(?:gedeeltelijk\w*|deels|eerste deel|ten dele|partly|in part)\b")
_SEPARATOR = compiled(r"; (?:en )?")


def relation(title: str, about: str | None = None) -> str | None:
    """Return how a letter relates to a motion, from its title: one of `RELATIONS`, or None when the title does not say.

    Parameters
    ----------
    title
        Title of the letter, or the sentence in it that names the motion.
    about
        Number or words of the motion as in the title: in "invulling motie A; uitstel motie B" the part with B counts. A title
        that is one sentence relates to all its motions alike.
    """
    low = plain(title)
    if about:
        at = low.find(plain(about))
        if at >= 0:
            begins = [0, *(m.end() for m in _SEPARATOR.finditer(low, 0, at))]
            pieces = [low[b:e] for b, e in zip(begins, [*begins[1:], len(low)], strict=True)]
            low = next((p for p in reversed(pieces) if _relation(p)), low)
    return _relation(low)


def _relation(low: str) -> str | None:
    # What follows "over" is the subject of the motion, whose words say nothing on the relation.
    head = re.split(r"\bover\b(?! de uitvoering| uitvoering| de motie| de invulling)|\babout\b", low)[0]
    where = head if len(head) > 12 else low
    if _DEFER.search(where):
        return "defers"
    if (
        _SECOND.search(where)
        and "stemmingen" not in where
        and not re.search(r"\ben uitvoering van de (?:\w+ )?motie", low)
    ):
        return "answers_about"
    if _APPRECIATE.search(where):
        return "appreciates"
    if _REPORT.search(where) and not re.match(r"\s*(?:uitvoering|invulling)", where):
        return "reports"
    if _FULFIL.search(where) or re.search(r"\ben uitvoering van de (?:\w+ )?motie", low):
        if re.match(r"\s*(?:kabinets)?reactie op (?:de )?(?:\w+ )?motie", where):
            return "reacts"
        return "part" if _PART.search(where) else "fulfils"
    return "reacts" if _REACT.search(where) else None
