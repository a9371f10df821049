"""Is a temporal expression a deadline, or content of what is asked?

The words before it (its frame) and the clause behind it decide: "voor 2025 te informeren" binds, "middelen naar voren halen
voor 2025" does not; "binnen een maand" binds the government, "dat jongeren binnen twee jaar" is about somebody else.
"""

from __future__ import annotations

import re

from schakel.dossiers.deadlines.points import compiled

_LEAD = (
    r"(?:(?:nog |ruim |liefst |het liefst |in ieder geval |in elk geval |ten minste |tenminste "
    r"|minstens |uiterlijk |bij voorkeur |op tijd |tijdig |zo mogelijk |well |at least |no later than )*)"
)
_ARTICLE = r"(?: (?:het|de|the|een|dat|in|op|aan))?"
BEFORE = compiled(
    rf"\b(?P<lead>{_LEAD})(?:voor|voorafgaand(?:e)? aan|before|prior to|ahead of|in advance of"
    rf"|in aanloop naar)(?: (?:de |het |the )?(?:aanvang|start|begin|beginning|ingang|behandeling|bespreking|presentatie"
    rf"|verschijning|besluitvorming|deadline|termijn) (?:van|of|over|rond))?{_ARTICLE} $"
)
BY = compiled(
    rf"\b(?:(?:uiterlijk|ten laatste|op zijn laatst|niet later dan|no later than|at the latest"
    rf"|ultimo|by)(?: (?:in|op|aan|per|bij|tegen|tijdens|by|on|at|met|met de|eind))?|(?:tegen|naar verwachting "
    rf"(?:in|voor))|(?:in ieder geval|in elk geval|ten minste|tenminste|minstens|nog|reeds|al) in"
    rf"|nog){_ARTICLE} $"
)
IN = compiled(
    rf"\b(?P<prep>in de loop van|in|op|per|gedurende|tijdens|bij|rond|omstreeks|aan|during|on|at|around){_ARTICLE} $"
)
PREFER = compiled(
    r"\b(?:het liefst|liefst|bij voorkeur|idealiter|preferably)(?: (?:in|voor|nog|in het|in de|al in))* $"
)
BEARING = compiled(
    r"\b(?:betrek\w*|betrokken|mee ?(?:te )?(?:nemen|genomen)|verwerk\w*|besluitvorming|behandeling"
    r"|ten behoeve van|met het oog op|opnemen|komen|presenter\w*|voor te leggen)\b[^.;]{0,60}$"
)
CONTENT_FRAME = compiled(
    r"\b(?:vanaf|sinds|uit|van|tot|tot en met|na|t/m|tussen|over|dan|from|since|of|until|after|between)(?: (?:het|de|the))? $"
)
RELATIVE = compiled(
    r"\b(?:dat|die|waarin|waarop|waar|waarmee|waarvan|zoals|zodat|waardoor|which|that)(?: \w+){0,3}? "
    r"(?:in|op|voor|per)?(?: (?:het|de))?\s*$"
)
REPORT = compiled(
    r"(?:informe\w*|geinformeerd|rapport\w*|stuur\w*|sturen|toe(?: te )?(?:zenden|komen|sturen)"
    r"|delen\b|aan(?: te )?bieden|aangeboden|voor(?: te )?leggen|presenter\w*|berichten|terug"
    r"(?: te )?(?:komen|koppelen)|uit(?: te )?werken|publice\w*|op(?: te )?leveren|inform|report"
    r"|submit|send|present|publish|share)"
)
INFINITIVE = compiled(r"\bte (?:kunnen |laten |gaan |willen )?[a-z]{3,}n\b|\bto [a-z]{3,}\b")
CHAMBER = compiled(r"\b(?:kamer|parlement|parliament|house|regering|kabinet|minister|staatssecretaris|government)\b")
SUBORDINATE = compiled(
    r"\b(?:dat|die|waarin|waarbij|als|wanneer|waardoor|zodat|waarop|hoe|that|which|who|whose|how|whether)\b"
    r"|\b(?:onderzoeken|bezien|nagaan|te gaan|verkennen|kijken|vragen|weten|beoordelen|examine) of\b"
)
REPORT_INFINITIVE = compiled(
    r"\b(?:te (?:kunnen )?(?:informeren|rapporteren|sturen|delen|berichten|presenteren|publiceren|zenden)"
    r"|(?:voor|aan|toe|terug) te (?:leggen|bieden|zenden|sturen|komen|koppelen)|to (?:inform|report|send|submit|publish))\b"
)
DEMONSTRATIVE = compiled(r"\b(?:regering|kabinet|minister|staatssecretaris|om|tevens|daarom|government) (?:dat|die) ")
POSSESSIVE = compiled(r"^ (?:na|after) (?:hun|zijn|haar|diens|their|his|her) ")
REPORTING = compiled(
    r"(?:\bkamer\b|rapporte|inform|doelstelling|herhal|herhaling|voortgang|evalue|monitor|overzicht"
    r"|inzicht|verslag|report|update)"
)
YEAR_NOUN = compiled(
    r"(?:begroting\w*|plan\w*|middelen|budget\w*|cijfers?|raming\w*|norm\w*|tarie\w*|miljoen"
    r"|miljard|euro|subsidie\w*|doelstelling\w*|gelden|dekking|jaar|halen|reserveren|contract\w*"
    r"|afspraken|uitgaven|kosten|geld|bedrag\w*|ruimte|verhoging|verlaging|targets?|budgets?"
    r"|funds?) voor $"
)

ATTRIBUTE = compiled(r" (?:reeds |al )?(?:aange|voorge|uitge|afge|opge|inge|ge|be|ver|over)\w+(?:de|te)\b")
LEAD_IN = compiled(
    r"(?:^|[,;]|\b(?:regering|kabinet|minister|staatssecretaris|om|en|dit|deze|hierover|daarover|hiertoe|hiervoor|tevens|daarom"
    r"|government)) $"
)
GIVEN = compiled(
    r"\b(?:gedaan|toegezegd|gegeven|aangekondigd|ingediend|aangenomen|gesteld|besproken|uitgesproken|given|made) $"
)
CARRIER = compiled(
    r"\b(?:in|bij|via|met) (?:de|het|een) [\w-]*(?:brief|rapportage|evaluatie|nota|agenda|plan|wetsvoorstel|verkenning|visie"
    r"|update|reactie),? (?:die|dat) (?:naar verwachting )?(?:(?:in|voor|uiterlijk)(?: (?:het|de|in|in het))? )?$"
)
APPEARS = compiled(
    r"^[^.;,]{0,40}?\b(?:verwacht|verschijnt|verschijnen|komt|gepland|voorzien|uitkomt|gestuurd|gepubliceerd)\b"
)
OWN = compiled(
    r"\b(?:(?:aan(?:neming|name|vaarding)|indiening|dagtekening|stemming\w*) (?:van|over) (?:deze|de) motie|heden|vandaag|dit debat|"
    r"the adoption of this motion|adoption|today)\b|^\s*na (?:aanneming|aanname)"
)
OFFSET = compiled(r"\b(?P<n>\w+) (?P<unit>dag|dagen|week|weken|maand|maanden|days?|weeks?|months?) $")
CLOSING = compiled(r"\b(?:voor|before) (?:het )?(?:einde|eind|the end) (?:van|of)(?: (?:het|de|the))? $")
DECISION = compiled(r"\b(?:besluitvorming|behandeling|herijking|actualisatie|update|rapportage) $")
AFTER = compiled(r"\b(?:(?:direct|meteen|kort|vlak|right) )?(?:na|after) $")
FIRST_WEEK = compiled(r"\b(?:in )?de eerste (?:volle )?(?:week|werkweek) $")
WITH = compiled(
    r"\b(?P<prep>ten tijde van|ten behoeve van|met het oog op|als onderdeel van|in het kader van|door middel van|middels|(?:tegelijk\w*|samen|gelijktijdig) met"
    r"|together with|bij|in|tijdens|rondom|rond|omtrent|op|over|met|via|at|with|during|of)(?: (?:de|het|the))? $"
)

SUBJECT = compiled(r"(?:^|[.!?:]\s{1,3}|\n\s{0,3})[\"'“]?(?:dat|that) (?P<who>[^.;,:?!\n]{0,100})$")
OURSELVES = compiled(r"\b(?:ik|wij|we|i)\b")


def ahead(pattern: re.Pattern[str], low: str, start: int) -> re.Match[str] | None:
    """Search for a frame that ends at a position; looks back 120 characters, so that long texts stay linear."""
    return pattern.search(low, max(0, start - 120), start)


def clause_before(low: str, start: int, length: int = 90) -> str:
    """Return the words before a position, from the last mark that ends a clause."""
    piece = low[max(0, start - length) : start]
    return re.split(r"[.;:•]\s|,\s", piece)[-1]


def clause_after(low: str, end: int, length: int = 170) -> str:
    """Return the words behind a position, up to the mark that ends the clause."""
    return re.split(r"[.;:•]|, (?:en|maar|alsmede|waarbij|zodat)\b", low[end : end + length])[0]


def asks(low: str, end: int) -> bool:
    """Whether the clause behind a position still holds what is to be done by then."""
    rest = clause_after(low, end)
    if re.match(r"\s*(?:$|en\b|of\b|,|\)|and\b|or\b)", rest):
        return False
    return bool(INFINITIVE.search(re.split(r",", rest)[0]) or INFINITIVE.search(rest[:90]))


def reported(low: str, start: int, end: int) -> bool:
    """Whether a report stands beside the position: behind it in the clause, or just before it."""
    rest = re.split(r"[,]| en (?!de kamer)", clause_after(low, end))[0]
    just = low[max(0, start - 45) : start]
    return bool(REPORT.search(rest)) or bool(
        re.search(
            r"\b(?:informeren|rapporteren|sturen|delen|presenteren|inform|report|send|submit|publish)\b[^,;.]{0,24}$",
            just,
        )
    )


def others(low: str, start: int) -> bool:
    """Whether the words before a position make it a duty or right of somebody else than government or Chamber."""
    clause = re.split(r"[.;:•,]\s", low[max(0, start - 130) : start])[-1]
    ends = [m.end() for m in SUBORDINATE.finditer(clause)]
    if not ends or CHAMBER.search(clause[ends[-1] :]):
        return False
    # "bezien hoe dit kan en hierover binnen zes weken te rapporteren": the report is again the government's.
    joined = re.search(r"\b(?:en|and)\b", clause[ends[-1] :])
    return not (joined and REPORT_INFINITIVE.search(low, start, min(len(low), start + 90)))


def told_of_others(low: str, start: int) -> bool:
    """Whether a position stands in a sentence about what others do: "Dat bedrijven uiterlijk in november ... is van belang"."""
    found = ahead(SUBJECT, low, start)
    return found is not None and not CHAMBER.search(found["who"]) and not OURSELVES.search(found["who"])


def relative(low: str, start: int) -> bool:
    """Whether a position stands in a relative clause; "de regering dat plan in het voorjaar" only points at the plan."""
    found = ahead(RELATIVE, low, start)
    if found is None or DEMONSTRATIVE.search(low, max(0, found.start() - 24), found.end()):
        return False
    return not REPORT_INFINITIVE.search(clause_after(low, start).split(",")[0])
