"""The board in the coffee room: three things that any visitor may see, and the key by which a screen shows them."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palauteketju.audit import log
from palauteketju.improvement import access
from palauteketju.improvement.errors import NotYours
from palauteketju.improvement.handover import published_measures
from palauteketju.improvement.models import BoardKey
from palauteketju.insight import handover as insight
from palauteketju.insight.handover import Sum, wording
from palauteketju.organisation.access import hash_of_key
from palauteketju.organisation.days import day_in_words
from palauteketju.organisation.models import Person, Unit

# More would not be read from five metres.
MOST_MEASURES = 3
LONGEST_QUOTE = 160
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Told:
    """A figure, and in small what makes it honest. An empty figure is told in `words` alone."""

    figure: str
    words: list[str]


@dataclass(frozen=True, slots=True)
class OpenMeasure:
    language: str
    title: str
    due: str


@dataclass(frozen=True, slots=True)
class Board:
    recommendation: Told
    thanks: Told
    # In a customer's own words; empty where none is public.
    quote: str
    measures: list[OpenMeasure]
    more_measures: str


def board_of(unit: Unit, *, today: date) -> Board:
    """From public blocks, quotes of them and approved measures alone, in the active language.

    The figures are of the last seven days; of the newest public block when a quiet unit has none in them.
    """
    under_way = [measure for measure in published_measures(unit) if measure.done_on is None]
    shown = sorted(under_way, key=lambda measure: (measure.due, measure.id))[:MOST_MEASURES]
    others = len(under_way) - len(shown)
    return Board(
        recommendation=_recommendation(unit, today),
        thanks=_thanks(unit, today),
        quote=_quote(unit, today),
        measures=[
            OpenMeasure(
                measure.language, measure.title, _("Done by %(day)s") % {"day": day_in_words(measure.due)}
            )
            for measure in shown
        ],
        more_measures=ngettext("And %(count)s other measure.", "And %(count)s other measures.", others)
        % {"count": others}
        if others
        else "",
    )


def open_board(unit: Unit, *, by: Person, at: datetime) -> str:
    """Make the secret part of a screen's address; one made before is closed. It cannot be shown again.

    Raises NotYours for who is neither handler nor manager of the unit.
    """
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        _close(unit, by=by, at=at)
        key = BoardKey.objects.create(unit=unit, token_hash=hash_of_key(token), made_by=by, made_at=at)
        log.record("improvement.board.opened", by=by, subject=key, at=at, facts={"unit": unit.code})
    return token


def close_board(unit: Unit, *, by: Person, at: datetime) -> bool:
    """From now on the screen's address leads nowhere; whether there was one. Raises NotYours."""
    with transaction.atomic():
        closed = _close(unit, by=by, at=at)
        if closed:
            log.record("improvement.board.closed", by=by, subject=unit, at=at, facts={"unit": unit.code})
    return bool(closed)


def living_key(unit: Unit) -> BoardKey | None:
    return BoardKey.objects.filter(unit=unit, revoked_at__isnull=True).select_related("made_by").first()


def unit_of_key(slug: str, token: str) -> Unit | None:
    """The unit whose board the token opens."""
    key = (
        BoardKey.objects.filter(token_hash=hash_of_key(token), revoked_at__isnull=True, unit__slug=slug)
        .select_related("unit")
        .first()
    )
    return key.unit if key else None


def _close(unit: Unit, *, by: Person, at: datetime) -> int:
    if not access.may_lead(by, unit):
        raise NotYours
    # Locked: two people may open a board at once, and one living key is all a unit has.
    Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    return BoardKey.objects.filter(unit=unit, revoked_at__isnull=True).update(revoked_at=at)


def _recommendation(unit: Unit, today: date) -> Told:
    stream = insight.recommendation_stream()
    found = _newest(unit, stream, today) if stream else None
    if found is None or found.value is None:
        return Told("", [_("There are not yet enough answers to tell.")])
    return Told(
        wording.figure("nps", found.value.value),
        [wording.answers(found.n), wording.likely("nps", found.value), _days(found)],
    )


def _thanks(unit: Unit, today: date) -> Told:
    found = _newest(unit, "kind", today)
    n = found.counts.get("thanks", 0) if found else 0
    if found is None or not n:
        return Told(
            "",
            [
                _("There are not yet enough answers to tell.")
                if found is None
                else _("No thanks this time."),
                *([_days(found)] if found else []),
            ],
        )
    whole = ngettext("of %(count)s feedback", "of %(count)s feedbacks", found.n) % {
        "count": wording.whole(found.n)
    }
    return Told(wording.whole(n), [whole, _days(found)])


def _quote(unit: Unit, today: date) -> str:
    """One of the week's thanks, another each day. A visitor reads it, so its comments are as many as the public is promised."""
    found = insight.public_thanks(unit, today - WEEK + timedelta(days=1), today)
    short = [words for words in found if len(words) <= LONGEST_QUOTE]
    return short[today.toordinal() % len(short)] if short else ""


def _newest(unit: Unit, stream: str, today: date) -> Sum | None:
    week = insight.public_sum(unit, stream, today - WEEK + timedelta(days=1), today)
    if week:
        return week
    return next(
        (figures.latest for figures in insight.public_figures(unit.code) if figures.stream == stream), None
    )


def _days(found: Sum) -> str:
    days = dict.fromkeys((day_in_words(found.opened), day_in_words(found.closed)))
    return " – ".join(days)
