"""Which official entities does the mirror know, with which fields and links, and has their shape been recorded?

Field and link names are those of the feed (``datumNakoming``); OData writes them with a capital. An entity is *recorded* when
the program was tested on real records of it; the others follow the published schema and are marked so wherever they show.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Entity:
    """One official entity.

    Attributes
    ----------
    links
        Links the feed writes with the entity, and the entity each leads to. A record of the feed without such a link has none.
    backlinks
        Links that only OData can expand.
    kind
        What search calls it; empty when it is not searched.
    number, title, body, day
        Fields that hold its number, what search shows, what search reads besides, and its day.
    recorded
        Whether real records of it were at hand.
    """

    name: str
    fields: frozenset[str]
    links: Mapping[str, str] = field(default_factory=dict)
    backlinks: Mapping[str, str] = field(default_factory=dict)
    recorded: bool = False
    kind: str = ""
    number: str = "nummer"
    title: tuple[str, ...] = ("onderwerp",)
    body: tuple[str, ...] = ()
    day: str = "datum"
    official: bool = True

    def target(self, link: str) -> str | None:
        """Return the entity that a link leads to, None when it is not known."""
        return self.links.get(link) or self.backlinks.get(link)


def _entity(name: str, fields: str, links: str = "", backlinks: str = "", **more: object) -> Entity:
    def pairs(text: str) -> dict[str, str]:
        return {
            left: right or left[0].upper() + left[1:] for left, _, right in (p.partition(":") for p in text.split())
        }

    return Entity(name, frozenset(fields.split()), pairs(links), pairs(backlinks), **more)  # type: ignore[arg-type]


_ACTOR = "actorNaam actorFractie functie relatie sidActor"
_WHO = "persoon fractie commissie"
_NAME = "achternaam tussenvoegsel initialen titels functie"

_ALL = (
    _entity(
        "Zaak",
        """nummer soort titel citeertitel alias status onderwerp gestartOp organisatie grondslagvoorhang termijn vergaderjaar
        volgnummer huidigeBehandelstatus afgedaan grootProject kabinetsappreciatie""",
        "kamerstukdossier activiteit agendapunt gerelateerdVanuit:Zaak vervangenVanuit:Zaak",
        "document besluit zaakActor gerelateerdNaar:Zaak vervangenDoor:Zaak",
        recorded=True,
        kind="zaak",
        body=("titel", "citeertitel", "alias"),
        day="gestartOp",
    ),
    _entity(
        "Document",
        """soort documentNummer titel onderwerp datum vergaderjaar kamer volgnummer citeertitel alias datumRegistratie
        datumOntvangst aanhangselnummer kenmerkAfzender organisatie contentType contentLength""",
        "huidigeDocumentVersie:DocumentVersie bronDocument:Document activiteit agendapunt zaak kamerstukdossier",
        "documentActor documentVersie bijlageDocument:Document",
        recorded=True,
        kind="document",
        number="documentNummer",
        body=("titel", "citeertitel", "alias"),
    ),
    _entity(
        "Toezegging",
        """nummer tekst status aanmaakdatum activiteitNummer naam achternaam initialen tussenvoegsel voornaam achtervoegsel
        titulatuur functie datumNakoming kamerbriefNakoming ministerie notities""",
        """activiteit toegezegdAanFractie:Fractie toegezegdAanPersoon:Persoon isHerhalingVan:Toezegging
        isAanvullingOp:Toezegging isWijzigingVan:Toezegging""",
        """kamerbriefNakoming:Document toegezegdAan:ToegezegdAan isHerhaaldDoor:Toezegging isAangevuldVanuit:Toezegging
        isGewijzigdDoor:Toezegging""",
        kind="toezegging",
        title=("tekst",),
        body=("naam", "functie", "ministerie"),
        day="aanmaakdatum",
    ),
    _entity("ToegezegdAan", "", "", f"toezegging {_WHO}"),
    _entity(
        "Activiteit",
        """soort nummer onderwerp datumSoort datum aanvangstijd eindtijd locatie besloten status vergaderjaar kamer noot vrsNummer
        sidVoortouw voortouwNaam voortouwAfkorting voortouwKortenaam voortouwnaam voortouwafkorting voortouwkortenaam
        aanvraagdatum datumVerzoekEersteVerlenging datumMededelingEersteVerlenging datumVerzoekTweedeVerlenging
        datumMededelingTweedeVerlenging vervaldatum""",
        "voortouwcommissie:Commissie voortgezetVanuit:Activiteit vervangenVanuit:Activiteit",
        "activiteitActor agendapunt document reservering toezegging vervangenDoor:Activiteit voortgezetIn:Activiteit zaak",
        kind="activiteit",
        body=("soort", "noot", "voortouwNaam", "voortouwnaam"),
    ),
    _entity(
        "Kamerstukdossier",
        "nummer toevoeging titel citeertitel alias hoogsteVolgnummer afgesloten kamer",
        "",
        "zaak document",
        kind="dossier",
        title=("titel",),
        body=("citeertitel", "alias"),
        day="",
    ),
    _entity("ZaakActor", f"{_ACTOR} actorAfkorting", f"zaak {_WHO}"),
    _entity("DocumentActor", _ACTOR, f"document {_WHO}"),
    _entity("DocumentVersie", "versienummer status bestandsgrootte extensie datum externeidentifier", "document"),
    _entity("ActiviteitActor", f"{_ACTOR} volgorde spreektijd", f"activiteit {_WHO}"),
    _entity(
        "Agendapunt",
        "nummer onderwerp aanvangstijd eindtijd volgorde rubriek noot status",
        "activiteit",
        "besluit document zaak",
    ),
    _entity(
        "Besluit",
        "stemmingsSoort besluitSoort besluitTekst opmerking status agendapuntZaakBesluitVolgorde",
        "agendapunt zaak",
        "stemming",
    ),
    _entity(
        "Stemming",
        "soort fractieGrootte actorNaam actorFractie vergissing sidActorLid sidActorFractie",
        "besluit persoon fractie",
    ),
    _entity(
        "Persoon",
        f"nummer {_NAME} voornamen roepnaam geslacht geboortedatum geboorteplaats geboorteland woonplaats land overlijdensdatum",
        day="",
    ),
    _entity(
        "Fractie",
        "nummer afkorting naamNl naamNL naamEn naamEN aantalZetels aantalStemmen datumActief datumInactief",
        "",
        "fractieZetel",
        day="",
    ),
    _entity("FractieZetel", "gewicht", "fractie", "fractieZetelPersoon", day=""),
    _entity("FractieZetelPersoon", "functie van totEnMet", "fractieZetel persoon", day="van"),
    _entity(
        "Commissie",
        "nummer soort afkorting naamNl naamNL naamEn naamWebNl naamWebEn inhoudsopgave datumActief datumInactief",
        day="datumActief",
    ),
    _entity("Vergadering", "soort titel zaal vergaderjaar vergaderingNummer datum aanvangstijd sluiting kamer"),
    _entity("Verslag", "soort status contentType contentLength", "vergadering"),
    _entity("Zaal", "naam sysCode", day=""),
    _entity("Reservering", "nummer statusCode statusNaam activiteitNummer", "activiteit zaal", day=""),
    # What the program itself reads from official papers.
    _entity(
        "Publicatie",
        """nummer soort titel dossier dossiertitel ondernummer datum beschikbaar vergaderjaar indieners ondertekenaars dictum
        verzoeken vervangt tekst bestand""",
        recorded=True,
        kind="document",
        title=("titel",),
        body=("dossiertitel", "tekst"),
        official=False,
    ),
    _entity(
        "Documenttekst",
        "nummer soort tekst bestand contentType",
        recorded=True,
        kind="document",
        title=(),
        body=("tekst",),
        official=False,
    ),
)
ENTITIES: Mapping[str, Entity] = {e.name: e for e in _ALL}
_BY_TAG = {e.name.lower(): e for e in _ALL}
KINDS = ("zaak", "motie", "document", "toezegging", "activiteit", "dossier", "letter")
# What is fetched when no category is named: what a dossier needs, without the votes and people, which are many.
USUAL = ("Kamerstukdossier", "Toezegging", "Activiteit", "Zaak", "ZaakActor", "Document")


def named(name: str) -> Entity | None:
    """Return an entity by its name, however it is capitalised."""
    return _BY_TAG.get(name.lower())


def infer(keys: Collection[str]) -> Entity | None:
    """Return the official entity whose fields these are, None when more than one or none fits.

    At least four keys must be known fields, four fifths of all keys, and more than of any other entity.
    """
    own = {k for k in keys if k not in {"id", "verwijderd", "gewijzigdOp", "apiGewijzigdOp"}}
    scores = sorted(((len(own & (e.fields | set(e.links))), e) for e in _ALL if e.official), key=lambda s: -s[0])
    (best, entity), (second, _) = scores[:2]
    return entity if best >= 4 and best > second and best >= 0.8 * len(own) else None
