"""Which words make a clause a promise, an intention, a goal, or something done already?

Each cue is a pattern over plain text (lower case, no accents); the first kind of `ORDER` that fits a clause wins.
"""

from __future__ import annotations

from schakel.dossiers.deadlines.points import compiled

CHAMBER = r"(?:(?:uw|de|(?:de )?tweede|(?:de )?eerste) kamer|het parlement|the house|parliament|your house)"
YOU = r"(?:\bu\b|uw kamer|de (?:tweede )?kamer|het parlement|the house|parliament)"
INFORMED = (
    r"(?:geinformeerd|ingelicht|toegestuurd|gestuurd|gedeeld|toegezonden|gezonden|aangeboden"
    r"|voorgelegd|bericht|geschetst|gemeld|informed|sent|shared)"
)
INFORM = (
    r"(?:informeren|inlichten|sturen|toesturen|te sturen|delen|te delen|aanbieden|aan te bieden"
    r"|toezenden|toe te zenden|voorleggen|voor te leggen|rapporteren|berichten|terugkomen|nader toelichten"
    r"|inform|report|send|submit|share)"
)
_GOV = (
    r"(?:ik|we|wij|het kabinet|dit kabinet|de regering|de overheid|nederland|de (?:staats)?(?:minister"
    r"|secretaris)|mijn (?:ministerie|ambtsgenoot|collega)|het ministerie(?: van [\w ]{3,40}?)?"
    r"|ezk?|bhos?|i|we|the (?:government|cabinet|minister)|the netherlands)"
)
OTHERS = (
    r"(?:de europese commissie|de commissie|europese commissie|commissievoorstel|the european commission"
    r"|the commission|de eu|de heer \w+|mevrouw \w+|het veld|de sector|bedrijven|de markt|asml?"
    r"|nxp|tno|het (?:tsjechische |belgische )?(?:eu[ -])?voorzitterschap|de raad|lidstaten|wennink"
    r"|onderzoekers|the eu|companies|het (?:cpb|scp|pbl|rivm|cbs|imf|knmi)|de (?:ecb|oeso|ser|wrr|awti|rekenkamer|raad van state))"
)
_NO_PREPOSITION = "".join(
    rf"(?<!\b{w}\s)" for w in ("met", "aan", "van", "bij", "voor", "door", "in", "en", "over", "with")
)
FUTURE = (
    r"(?:de komende (?:tijd|periode|maanden|weken|jaren)|komende (?:tijd|periode|maanden|weken"
    r"|jaren)|later dit jaar|dit najaar|dit voorjaar|binnenkort|volgend jaar|komend(?:e)? (?:jaar|voorjaar|najaar|zomer)|nog dit jaar|volgende (?:maand"
    r"|week)|begin 20\d\d|eind 20\d\d|medio 20\d\d|per 1 \w+|in q[1-4]|in (?:het )?(?:eerste"
    r"|tweede|derde|vierde) kwartaal|in the coming \w+|later this year|next year)"
)

REGISTERED = compiled(
    r"\btoezegging(?:en)?\b[^.]{0,260}?\btz ?\d{6}-\d{1,4}\b|\bcommitments?\b[^.]{0,200}?\btz ?\d{6}-\d{1,4}\b"
)
TZ = compiled(r"\btz ?(?P<m>\d{6})-(?P<n>\d{1,4})\b")
PROMISED = compiled(
    r"\b(?:toegezegd|toe te zeggen|zeg(?:t|de|den)? (?:ik |wij |het kabinet )?(?:uw kamer |de kamer |u )?toe|promised"
    r"|undertook to)\b(?! aan (?:een|het|de) )"
)
GRANT = compiled(
    r"(?:€|euro|miljoen|miljard|steun|subsidie|bedrag|middelen)[^.]{0,60}\b(?:is|zijn|wordt|werd) "
    r"(?:voorwaardelijk )?toegezegd\b"
    r"|\b(?:is|zijn|wordt|werd|was)\b[^.]{0,60}?(?:€|euro|miljoen|miljard|steun|subsidie|bedrag|middelen)[^.]{0,40}?\btoegezegd\b"
    r"|\btoegezegde (?:middelen|bedrag|steun|subsidie)"
)
DEFERRED = compiled(
    r"\b(?:uitstel\b|uitgesteld|later dan (?:toegezegd|gepland|gemeld|beoogd)|niet (?:tijdig"
    r"|op tijd|binnen de (?:gestelde |gebruikelijke )?termijn)|(?:nog )?niet haalbaar gebleken"
    r"|vertraagd?|(?:loopt|lopen|opgelopen|heeft|hebben|is|zijn)\b[^.;]{0,50}?\bvertraging(?= (?:op|opgelopen)?\b|[.,;])"
    r"|niet gelukt|lukt (?:het )?(?:mij |het kabinet )?niet|(?:is|zijn|ligt|laat\w*|laten|overgelaten|keuze \w+ is)(?: [\w-]+){0,5} aan (?:een|het) (?:volgend"
    r"|nieuw)e? kabinet|aan een volgend kabinet|postponed|delayed|later than (?:promised|planned)"
    r"|left to the next (?:government|cabinet))\b"
)
REQUEST = compiled(
    rf"\b(?:leden|lid|uw commissie|de (?:vaste )?commissie|{CHAMBER}|motie)\b(?:[^.;]|(?<=jl)\.){{0,110}}?\b"
    rf"(?:verzocht|gevraagd|verzoekt|vraagt|vroeg|vroegen|asked|requested|roept op|opgeroepen)\b"
    rf"|\b(?:op|naar aanleiding van het) verzoek van (?:de |het |uw )(?:vaste )?(?:commissie|kamer|leden|lid)\b|\b(?:hebben"
    rf"|heeft) de (?:leden|vaste commissie|kamer)[^.]{{0,120}}?\b(?:verzocht|gevraagd)\b"
)
DONE = compiled(
    rf"\b(?:is|bent|zijn|was|werd|heb|heeft|hebben|hebt|has|have)\b(?! toegezegd)[^.;,]{{0,60}}?{YOU}[^.;]{{0,110}}?\b{INFORMED}"
    rf"(?![a-z])(?! (?:wordt|worden|zal))|{YOU}(?: [\w-]+){{0,3}}? ontving\b|\b{YOU} (?:is|bent|was|werd)\b[^.;]{{0,110}}?\b{INFORMED}"
    rf"(?![a-z])|\b(?:heb|heeft|hebben) (?:ik |het kabinet )?[^.;]{{0,70}}?(?:met|aan|naar) (?:u"
    rf"|uw kamer|de kamer) (?:gedeeld|gestuurd|aangeboden)\b"
)
PROMISE = compiled(
    rf"\b(?:zal|zullen|will|shall|gaat|ga)\b[^.;]{{0,150}}?{YOU}[^.;]{{0,110}}?\b(?:{INFORM}|{INFORMED}|meenemen)\b"
    rf"|\b(?:will|shall)\b[^.;]{{0,60}}?\b(?:inform|report to|send|write to|update|share)\b[^.;]{{0,60}}?"
    rf"(?:the house|parliament|you)\b"
    rf"|{YOU} (?:zal|zullen|wordt|worden|will)\b[^.;]{{0,120}}?\b(?:{INFORM}|{INFORMED})\b"
    rf"|\b(?:wordt|worden)\b[^.;]{{0,60}}?{YOU}[^.;]{{0,90}}?\b{INFORMED}\b"
    rf"|\b{YOU}[^.;]{{0,60}}?\b{INFORMED} (?:wordt|worden|zal worden|zullen worden)\b"
    rf"|(?:met|aan|naar) {CHAMBER} (?:wordt|worden|zal worden|te (?:sturen|delen|zenden|rapporteren)"
    rf"|{INFORMED} (?:wordt|worden))\b(?:[^.;]{{0,20}}?{INFORMED})?"
    rf"|\b(?:informeert?|stuurt?|zendt?|bericht|deelt?|biedt?|legt?|ontvangt)\b(?: (?:ik|het kabinet|wij))?[^.;]{{0,90}}?{YOU}"
    rf"|\b{_GOV} (?:informeren|sturen|zenden|berichten|rapporteren|delen)\b[^.;]{{0,60}}?{YOU}"
    rf"|\brapporteert?\b[^.;]{{0,60}}?\baan {CHAMBER}"
    rf"|\b(?:zal|zullen|wordt|worden)\b[^.;]{{0,80}}?\b{INFORMED}\b (?:aan|naar|met|to|with) {CHAMBER}"
    rf"|{YOU}(?: hier\w*| dit\w*)? ontvangt\b"
    rf"|\b(?:verwacht|hoop|expect) (?:ik )?[^.;]{{0,60}}?(?:toelichting|uitsluitsel|informatie|duidelijkheid) te (?:kunnen )?geven"
    rf"|{YOU}[^.;]{{0,60}}?\btegemoet ?zien\b"
    rf"|\b(?:verwacht|hoop)\b[^.;]{{0,80}}?{YOU}[^.;]{{0,90}}?\bte (?:kunnen )?(?:informeren|sturen|berichten|delen)"
    rf"|\bkom(?:t|en)?\b(?: (?:ik|wij|we|het kabinet))? [^.;]{{0,90}}?\bop terug\b"
)
GOAL = compiled(
    r"\b(?:(?:kabinets)?doel(?:stelling(?:en)?|en)?|ambitie\w*|streef(?:t|cijfer\w*)?|streven"
    r"(?: is)?|beoogt|target|goal|ambition)\b[^.;]{0,120}?(?:\d[\d.,]{0,9} ?(?:%|procent)|\b"
    r"(?:voor|in|tegen|by) 20[2-5]\d\b|vernegenvoudig|verdubbel)"
    r"|(?:\d[\d.,]{0,9}%)[^.;]{0,40}?\b(?:doel\w*|ambitie|te komen)\b|\bambitie van \d"
    r"|\b(?:laten groeien|te laten groeien|te vergroten|te verdubbelen|te halveren|verminderd"
    r"|terug te dringen|klimaatneutra\w+)\b[^.;]{0,140}?\b(?:komende (?:tien|vijf|\d+|vijftien"
    r"|twintig|jaren)|in 20[2-5]\d|tegen 20[2-5]\d)"
    r"|\b(?:komende (?:tien|vijf|vijftien|twintig|\d+)(?: tot \w+)? jaar|20[345]\d)\b[^.;]{0,60}?\b"
    r"(?:te laten groeien|te vergroten|te verdubbelen)\b"
    r"|\b(?:klimaatneutra\w+|doelstelling\w*)\b[^.;]{0,60}?\bin 20[345]\d\b"
    r"|\b(?:afgesproken|agreed)\b[^.;]{0,50}?\d[\d.,]{0,9}%"
)
NOW = compiled(
    r"\b(?:(?:met|in|via|middels|door middel van|by|with) (?:deze|dit|onderhavige|this) (?:[\w-]+ )?(?:brief|kamerbrief|bijlage|letter)"
    r"|hierbij|hiermee|bij dezen?|hereby|(?:ontvangt|treft) (?:u|uw kamer) (?:deze|hierbij|bijgaand))\b"
)
EXPECT = compiled(
    rf"\b(?:naar verwachting|de verwachting is|verwacht(?:e|en|t wordt)?|is voorzien|zijn voorzien|voorzien in|expected|foreseen|scheduled)\b"
    rf"|\b(?:zal|zullen|gaat|will)\b[^.;]{{0,12}}?{_NO_PREPOSITION}{OTHERS}|{OTHERS}(?: (?!en\b)[\w-]+){{0,8}}? "
    rf"(?:zal|zullen|will|gaat|investeert|verschijnt|komt(?: [\w-]+){{0,6}}? met|presenteert|publiceert|oplevert|streeft naar)\b"
    r"|\bverschijnt\b"
)
FORECAST = compiled(
    r"groeipercentage|groeiverwachting|omvang van de markt|vraag naar|groei verwacht|verwachte impact"
    r"|sterke groei|beyond|geschat|hoge groei"
)
INTEND = compiled(
    rf"\b(?:zal|zullen)\b(?:(?! en zal\b|, waarbij\b)[^.;]){{3,170}}|\bvoornemens\b[^.;]{{0,120}}"
    rf"|\b(?:{FUTURE})\b[^.;]{{0,90}}?\b(?:wordt|worden|zet|zetten|werkt|werken|gaan|gaat|brengt|brengen)\b[^.;]{{0,140}}"
    rf"|\b(?:wordt|worden|brengt)\b[^.;]{{0,60}}?\b(?:{FUTURE})\b[^.;]{{0,90}}"
    rf"|\b(?:{FUTURE}|dit jaar),? [a-z]{{3,14}} {_GOV}\b[^.;]{{3,140}}"
    rf"|\b(?:in|vanaf|per) 20\d\d,? (?!heeft\b|hebben\b|had\b|is\b|was\b|waren\b|werd|kon)[a-z]{{3,14}} {_GOV}\b[^.;]{{3,140}}"
    rf"|\b(?:ben|is|zijn) van plan\b[^.;]{{3,120}}"
    rf"|\bword(?:t|en) (?:er )?(?:ook |nog |momenteel )?(?:gekeken naar (?:de )?mogelijkhe|(?:de )?mogelijkheden (?:verkend|onderzocht|bezien))"
    rf"[^.;]{{0,110}}"
    rf"|\b{_GOV} (?:werkt|werken|werk)\b[^.;]{{0,50}}? aan (?:een|de|het) (?:nadere |nieuwe |nationale )?(?:wetsvoorstel|strategie|visie|agenda"
    rf"|actieplan|plan|regeling|invulling|uitwerking|programma|voorstel|brief|routekaart)\b[^.;]{{0,80}}"
    rf"|\b{_GOV} (?:gaat|gaan|ga) (?!in\b|om\b|over\b|uit\b|niet\b|er\b|hier)[^.;]{{0,120}}?\b[a-z]{{3,}}en\b"
    rf"|\bin 20\d\d word(?:t|en)\b[^.;]{{3,120}}|\bbereid(?:t|en)?\b[^.;]{{3,90}}?\bvoor\b(?= ?(?:$|[.,;]))"
    rf"|\b(?:bekijk(?:en|t)?|bezie(?:n|t)?) (?:ik |we |wij |het kabinet )?(?:of|wat|hoe|welke)\b[^.;]{{3,110}}"
    rf"|\bverken(?:t|nen) (?:het kabinet|de|we)[^.;]{{0,90}}|\b(?:het kabinet|nederland) verkent\b[^.;]{{0,90}}"
    rf"|\b(?:het kabinet|nederland|en) verkent (?:de|een)\b[^.;]{{0,90}}"
    rf"|\bverkenningen gestart om\b[^.;]{{0,60}}|\b(?:momenteel|nog) (?:wordt |worden )?(?:uitgewerkt"
    rf"|gewerkt aan|verkend|onderzocht)\b|\bwordt momenteel\b[^.;]{{0,80}}|\bhet kabinet(?: [\w-]+){{0,2}} voornemens\b"
    rf"|\b{_GOV} (?:will|intends?|plans? to|shall)\b[^.;]{{3,140}}|\bgaat de nederlandse inzet bepalen\b|\bwordt de ppe\b"
    rf"|\bzoals aangekondigd wordt\b[^.;]{{0,90}}|\bzoekt? (?:het kabinet )?toenadering\b"
)
NOT_INTEND = compiled(
    r"\bdeze brief\b|\btoenemen\b|\bstijgen\b|\bbestaan uit\b|\bvertegenwoordigd zijn\b|\bbijdrage "
    r"(?:zal )?leveren\b|\bwelke interventies\b|\brol (?:kunnen )?spelen\b|\bzou(?:den)?\b|\bverschillend waar\b"
    r"|\bleiden tot\b|\buitgangspunt zijn\b|\baltijd\b|\bgericht zijn op\b|\bniet (?:meer )?mogelijk\b|\bingegaan op ?:"
)
CONDITIONAL = compiled(
    r"\b(?:waar (?:mogelijk|nodig)|indien|mits|mocht|tenzij|zo nodig|if|where possible|provided that)\b"
)
ACTORS = (
    (compiled(r"\b(?:ik|mijn|i)\b"), "minister"),
    (compiled(rf"\b{OTHERS}\b"), ""),
    (compiled(r"\b(?:het|dit|the) (?:kabinet|cabinet|government)\b|\bregering\b"), "kabinet"),
    (compiled(r"\b(?:nederland|the netherlands)\b"), "Nederland"),
    (compiled(r"\b(?:leden|lid|uw commissie|vaste commissie)\b"), "Kamer"),
    (compiled(r"\b(?:we|wij)\b"), "kabinet"),
)
