"""What was due when, and when was it answered, along one line of time?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from schakel.charts.svg import Words, clip, el, label, picture, text_of

WIDTH, LEFT, RIGHT = 1000.0, 320.0, 24.0
ROW, LANE, LANES = 34.0, 15.0, 6
NAME = 40  # characters of a line of a name; a name has two lines at most
_LETTER = 6.6  # pixels a character of an event's name takes, at most
_NO = {"en": "none", "nl": "geen"}
_MONTHS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "nl": "jan feb mrt apr mei jun jul aug sep okt nov dec",
}
_SAID = {
    "en": "{n} with a deadline or an answer, on {on}: {late} past the deadline without an answer, {answered} answered, of which {after} late.",
    "nl": "{n} met een termijn of een antwoord, per {on}: {late} over de termijn zonder antwoord, {answered} beantwoord, waarvan {after} te laat.",
}
_LEGEND = {
    "en": (
        "deadline",
        "answer in time",
        "answer too late",
        "answer, day unknown",
        "days too late",
        "reference date",
        "event",
    ),
    "nl": (
        "termijn",
        "antwoord op tijd",
        "antwoord te laat",
        "antwoord, dag onbekend",
        "dagen te laat",
        "peildatum",
        "gebeurtenis",
    ),
}
_Place = Callable[[date], float]
_KINDS = ("deadline", "answer", "answer late", "answer unsure", "lateness", "reference", "event")


@dataclass(frozen=True, slots=True)
class Track:
    """One commitment: when it was made, is due and was answered; None where that is not known or did not happen.

    ``state`` is its state in words; ``url`` where it is read. Of what has only a month, ``made`` and ``answered`` are the last
    day it can have been, ``made_from`` and ``answered_from`` the first.
    """

    label: str
    made: date | None
    deadline: date | None
    answered: date | None
    state: str
    url: str = ""
    made_from: date | None = None
    answered_from: date | None = None

    @property
    def days(self) -> tuple[date, ...]:
        """The days that are known."""
        return tuple(d for d in (self.made, self.deadline, self.answered_from, self.answered) if d is not None)

    @property
    def unsure(self) -> bool:
        """Whether the day of the answer is not known."""
        return self.answered is not None and self.answered_from is not None and self.answered_from < self.answered

    @property
    def late(self) -> bool:
        """Whether the answer came after the deadline, whatever its day was."""
        first = self.answered_from or self.answered
        return self.deadline is not None and first is not None and first > self.deadline


@dataclass(frozen=True, slots=True)
class Happening:
    """Something in the parliamentary year, on a day or over several."""

    label: str
    start: date
    end: date | None = None


def timeline(
    tracks: Sequence[Track],
    happenings: Sequence[Happening],
    reference: date,
    *,
    title: str,
    desc: str,
    ident: str,
    lang: str = "en",
) -> str:
    """Draw one line a commitment, the events above, and the reference date through all.

    A diamond is the deadline, a dot the answer (a square when it came late, a hollow bar over the days it can have come when its
    day is not known); a thick line runs from the deadline to a late answer, or to the reference date while there is none.
    Happenings outside the years of the commitments are left out.
    """
    low, high = _reach(tracks, reference)
    span = max(1, (high - low).days)

    def place(day: date) -> float:
        return LEFT + (WIDTH - RIGHT - LEFT) * (day - low).days / span

    shown = sorted((h for h in happenings if h.start <= high and (h.end or h.start) >= low), key=lambda h: h.start)
    strips, signs = _events(shown, place, low, high)
    head = 24.0 + (strips + 1) * LANE
    height = head + ROW * max(1, len(tracks)) + 26
    body = _axis(low, high, place, head, height, lang)
    body += signs(height)
    for i, track in enumerate(tracks):
        body.append(_track(track, head + ROW * i + ROW / 2, place, reference))
    x = place(reference)
    body.append(el("line", class_="reference", x1=x, y1=6, x2=x, y2=height - 20))
    near = x > WIDTH - 90
    body.append(label(reference.isoformat(), x - 5 if near else x + 5, 14, "label strong halo", "end" if near else ""))
    svg = picture("timeline", WIDTH, height, ident, title, desc, *body)
    # An image has no links inside; a drawing with links is a group with a name.
    return svg.replace(' role="img" ', ' role="group" ', 1) if any(t.url for t in tracks) else svg


def timeline_words(
    tracks: Sequence[Track], reference: date, *, header: tuple[str, str, str, str, str], lang: str = "en"
) -> Words:
    """Say what the timeline shows: a sentence, and for each commitment its days and state."""
    open_late = [t for t in tracks if t.deadline and not t.answered and t.deadline < reference]
    answered = [t for t in tracks if t.answered]
    after = [t for t in answered if t.late]
    said = _SAID[lang].format(
        n=len(tracks), on=reference.isoformat(), late=len(open_late), answered=len(answered), after=len(after)
    )
    rows = tuple(
        (
            t.label,
            _said(t.made_from, t.made, lang),
            _said(None, t.deadline, lang),
            _said(t.answered_from, t.answered, lang),
            t.state,
        )
        for t in tracks
    )
    return Words(said, (header[0], header[1], header[2], header[3], header[4]), rows)


def timeline_legend(lang: str = "en") -> tuple[tuple[str, str, str], ...]:
    """Return (kind, small drawing, text) for every sign."""
    small = {
        "deadline": _diamond(10, 6),
        "answer": el("circle", class_="answer", cx=10, cy=6, r=4.5),
        "answer late": el("rect", class_="answer late", x=5.5, y=1.5, width=9, height=9),
        "answer unsure": _bar(3, 17, 6),
        "lateness": el("line", class_="lateness", x1=1, y1=6, x2=19, y2=6),
        "reference": el("line", class_="reference", x1=10, y1=0, x2=10, y2=12),
        "event": el("path", class_="event", d="M5 2H15L10 10Z"),
    }
    return tuple(
        (k, f'<svg class="chart timeline key" viewBox="0 0 20 12" aria-hidden="true" focusable="false">{small[k]}</svg>', t)
        for k, t in zip(_KINDS, _LEGEND[lang], strict=True)
    )  # fmt: skip


def _reach(tracks: Sequence[Track], reference: date) -> tuple[date, date]:
    days = [*(d for t in tracks for d in t.days), reference]
    low, high = min(days), max(days)
    pad = timedelta(days=max(14, (high - low).days // 25))
    low = low - pad if (low - date.min) > pad else date.min
    return low, high + pad if (date.max - high) > pad else date.max


def _axis(low: date, high: date, place: _Place, head: float, height: float, lang: str) -> list[str]:
    months = (high.year - low.year) * 12 + high.month - low.month
    step = next((s for s in (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200) if months / s <= 10), 12_000)
    parts, names = [], _MONTHS[lang].split()
    for at in range(low.year * 12 + low.month - 1, high.year * 12 + high.month):
        if at % step:
            continue
        day = date(max(1, at // 12), at % 12 + 1, 1)
        if not low <= day <= high:
            continue
        x = place(day)
        parts.append(el("line", class_="grid", x1=x, y1=head - 4, x2=x, y2=height - 20))
        said = str(day.year) if step >= 12 else f"{names[day.month - 1]} {day.year}"
        parts.append(label(said, x, height - 6, "tick", "mid"))
    return parts


def _events(
    shown: Sequence[Happening], place: _Place, low: date, high: date
) -> tuple[int, Callable[[float], list[str]]]:
    """Put names of events in as few lanes as hold them; a name that fits nowhere keeps its sign, with its name in the title."""
    free = [LEFT] * LANES
    spots: list[tuple[Happening, float, float, int | None]] = []
    for h in shown:
        x = place(max(h.start, low))
        end = place(min(h.end or h.start, high))
        wide = 14 + _LETTER * len(clip(h.label, 34))
        lane = next((i for i, edge in enumerate(free) if x >= edge and x + wide <= WIDTH), None)
        if lane is not None:
            free[lane] = max(x + wide, end) + 6
        spots.append((h, x, end, lane))
    lanes = max((s[3] + 1 for s in spots if s[3] is not None), default=0)
    strips = lanes + any(s[3] is None for s in spots)  # what has no name stands under the names, so that it hides none

    def draw(height: float) -> list[str]:
        parts = []
        foot = 24.0 + strips * LANE - 6
        for h, x, end, lane in spots:
            said = f"{h.label}: {h.start}" + (f" – {h.end}" if h.end and h.end != h.start else "")
            if end - x > 2:
                parts.append(el("rect", class_="recess", x=x, y=foot + 2, width=end - x, height=height - 22 - foot))
            y = 24.0 + LANE * lane if lane is not None else foot - LANE + 6
            signs = [el("path", el("title", text_of(said)), class_="event", d=f"M{x - 4:.1f} {y - 1:.1f}h8l-4 7z")]
            if lane is not None:
                signs.append(label(clip(h.label, 34), x + 7, y + 6, "tick halo"))
            parts.append(el("g", *signs, class_="happening"))
        return parts

    return strips, draw


def _track(track: Track, y: float, place: _Place, reference: date) -> str:
    parts = [el("title", text_of(f"{track.label}: {track.state}"))]
    days = [place(d) for d in track.days]
    lines = two_lines(track.label, NAME)
    parts += [
        label(line, LEFT - 14, y + 4 + 14 * (i - (len(lines) - 1) / 2), "label name", "end")
        for i, line in enumerate(lines)
    ]
    if len(days) > 1:
        parts.append(el("line", class_="span", x1=min(days), y1=y, x2=max(days), y2=y))
    until = track.answered or reference
    if track.deadline is not None and until > track.deadline and (track.late or track.answered is None):
        end = track.answered_from or until
        parts.append(el("line", class_="lateness", x1=place(track.deadline), y1=y, x2=place(end), y2=y))
    if track.made is not None:
        parts.append(el("line", class_="made", x1=place(track.made), y1=y - 5, x2=place(track.made), y2=y + 5))
    if track.deadline is not None:
        parts.append(_diamond(place(track.deadline), y))
    if track.answered is not None:
        x = place(track.answered)
        if track.unsure and track.answered_from is not None:
            parts.append(_bar(place(track.answered_from), x, y))
        elif track.late:
            parts.append(el("rect", class_="answer late", x=x - 4.5, y=y - 4.5, width=9, height=9))
        else:
            parts.append(el("circle", class_="answer", cx=x, cy=y, r=4.5))
    body = el("g", *parts, class_="row")
    return el("a", body, href=track.url) if track.url else body


def two_lines(text: str, limit: int) -> list[str]:
    """Break a name at a space into two lines at most; what does not fit is cut, and a word too long for a line is broken."""
    said = " ".join(text.split())
    if len(said) <= limit:
        return [said]
    cut = said.rfind(" ", limit // 2, limit + 1)
    cut = cut if cut > 0 else limit
    return [said[:cut].rstrip(), clip(said[cut:].lstrip(), limit)]


def _said(first: date | None, last: date | None, lang: str) -> str:
    if last is None:
        return _NO[lang]
    return f"{first} – {last}" if first is not None and first < last else last.isoformat()


def _bar(start: float, end: float, y: float) -> str:
    return el("rect", class_="answer unsure", x=start - 3, y=y - 4.5, width=max(6.0, end - start + 6), height=9, rx=4)


def _diamond(x: float, y: float) -> str:
    return el("path", class_="deadline", d=f"M{x:.1f} {y - 5.5:.1f}l5.5 5.5l-5.5 5.5l-5.5 -5.5z")
