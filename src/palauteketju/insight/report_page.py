"""A ready-made report in words, charts and tables: one wording for the page, the file, the PDF and the spreadsheet."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palauteketju.handling.handover import Times
from palauteketju.insight import report_charts, streams, wording
from palauteketju.insight.comparisons import WEEKS
from palauteketju.insight.effects import Effect
from palauteketju.insight.period_words import days_in_words, period_in_words, report_name, starting
from palauteketju.insight.report_charts import Chart
from palauteketju.insight.reports import Decision, Figure, Report
from palauteketju.organisation.days import day_in_words
from palauteketju.organisation.models import Unit
from palauteketju.organisation.rules import county_rules
from palauteketju.privacy.written_language import written_language

# The page and the paper name so many measures; the spreadsheet and the JSON have all.
MOST_DECISIONS = 30
# An area or county has many; a unit rarely more than a few.
MOST_QUOTES = 30
# Streams shown as they are; how many comments there are is one number, said in words.
COUNTED = (streams.KIND, streams.THEME, streams.CHANNEL)


@dataclass(frozen=True, slots=True)
class Stat:
    label: str
    figure: str
    n: str
    interval: str


@dataclass(frozen=True, slots=True)
class DecisionInWords:
    """`language` is that of the title, the effect and who is responsible."""

    language: str
    title: str
    # Whose it is and what it is about.
    about: str
    responsible: str
    # How it stands, with its day.
    state: str
    effect: str
    # What the figures say of it; empty where there are not enough.
    change: str


@dataclass(frozen=True, slots=True)
class QuoteInWords:
    kind: str
    text: str
    # As guessed from the text; empty where it does not tell.
    language: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    # "Weekly report"
    name: str
    title: str
    days: str
    # The period in one sentence, or a few.
    sentences: list[str]
    # Said while the period is not over.
    unfinished: str
    recommendation: Stat | None
    line: Chart | None
    statements: Chart | None
    counts: list[Chart]
    decisions: list[DecisionInWords]
    # How many more there are, in words.
    more_decisions: str
    withheld: list[str]
    quotes: list[QuoteInWords]
    # How long customers waited for an answer; empty where that is not counted.
    times: list[str]


def page_of(report: Report, *, today: date | None = None) -> ReportPage:
    """In the active language. With `today` the reader is told when the period is not over yet."""
    found = report.recommendation
    period = report.period
    is_unfinished = today is not None and period.first <= today <= period.last
    return ReportPage(
        name=report_name(period.kind),
        title=_("%(unit)s, %(period)s") % {"unit": report.scope.name, "period": period_in_words(period)},
        days=days_in_words(period),
        sentences=_sentences(report),
        unfinished=_("The period is not over: its figures become complete on %(day)s.")
        % {"day": day_in_words(period.last + timedelta(days=1))}
        if is_unfinished
        else "",
        recommendation=_stat(found) if found else None,
        line=report_charts.line(found) if found and found.value else None,
        statements=report_charts.statements(report) if report.statements else None,
        counts=[report_charts.counts(figure) for figure in map(report.figure, COUNTED) if figure],
        decisions=[_decision(decision, report.scope) for decision in report.decisions[:MOST_DECISIONS]],
        more_decisions=_more(len(report.decisions) - MOST_DECISIONS),
        withheld=_withheld(report),
        quotes=[
            QuoteInWords(
                streams.name_of_value(streams.KIND, quote.kind),
                quote.text,
                written_language(quote.text) or "",
            )
            for quote in report.quotes[:MOST_QUOTES]
        ],
        times=_times(report.times) if report.times else [],
    )


def subject_of(decision: Decision) -> str:
    """What the feedback was about that led to it; empty for all of it."""
    if decision.theme:
        return streams.name_of_value(streams.THEME, decision.theme)
    return streams.short_name_of(decision.stream) if decision.stream else ""


def _sentences(report: Report) -> list[str]:
    period = {"period": starting(period_in_words(report.period))}
    if not report.figures:
        return [_("%(period)s: no new figures came into the report.") % period]
    sentences = []
    if given := report.figure(streams.CHANNEL):
        sentences.append(
            ngettext(
                "%(period)s: %(count)s feedback came into the report.",
                "%(period)s: %(count)s feedbacks came into the report.",
                given.n,
            )
            % {"count": wording.whole(given.n), **period}
        )
    found = report.recommendation
    if found and found.value:
        index = wording.figure("nps", found.value.value)
        likely = wording.likely("nps", found.value)
        sentences += [
            _("The recommendation index is %(index)s, %(likely)s.") % {"index": index, "likely": likely},
            _change_of_index(found, report),
        ]
    if comments := report.figure(streams.COMMENT):
        sentences.append(
            ngettext("There was %(count)s open comment.", "There were %(count)s open comments.", comments.n)
            % {"count": wording.whole(comments.n)}
        )
    return [sentence for sentence in sentences if sentence]


def _change_of_index(figure: Figure, report: Report) -> str:
    """Said only where there is something to compare with."""
    if figure.before is None or figure.direction is None:
        return ""
    before = {
        "before": wording.figure("nps", figure.before.value),
        "period": period_in_words(report.period.earlier(1)),
    }
    if figure.direction == "no_clear_change":
        return _("It does not clearly differ from the period before (%(period)s: %(before)s).") % before
    if figure.direction == "better":
        return _("It is better than in the period before (%(period)s: %(before)s).") % before
    return _("It is worse than in the period before (%(period)s: %(before)s).") % before


def _times(times: Times) -> list[str]:
    in_time = ngettext(
        "%(count)s case needed an answer or an act; %(share)s got it in the promised time.",
        "%(count)s cases needed an answer or an act; %(share)s of them got it in the promised time.",
        times.cases,
    )
    return [
        in_time % {"count": wording.whole(times.cases), "share": wording.percent(times.share_in_time)},
        _("First reaction: %(times)s.") % {"times": _within(times.reaction_median, times.reaction_most)},
        _("Answer: %(times)s.") % {"times": _within(times.response_median, times.response_most)},
        _("Counted in groups of whole months, so that no single case can be recognised."),
    ]


def _within(half: int | None, most: int | None) -> str:
    """Within how long half of the customers had it, and nine of ten; unknown while too many of them still wait."""
    if half is None:
        return _("more than half were still waiting when the months ended")
    if most is None:
        return _("half in %(half)s; more than one in ten were still waiting when the months ended") % {
            "half": wording.duration(half)
        }
    return _("half in %(half)s, nine of ten in %(most)s") % {
        "half": wording.duration(half),
        "most": wording.duration(most),
    }


def _stat(found: Figure) -> Stat:
    return Stat(
        label=_("Recommendation index"),
        figure=wording.figure("nps", found.value.value) if found.value else "",
        n=wording.answers(found.n),
        interval=wording.likely("nps", found.value) if found.value else "",
    )


def _decision(decision: Decision, scope: Unit) -> DecisionInWords:
    unit = "" if decision.unit == scope else decision.unit.name
    return DecisionInWords(
        language=county_rules().measure_language,
        title=decision.title,
        about=", ".join(filter(None, (unit, subject_of(decision)))),
        responsible=decision.responsible,
        state=_state(decision),
        effect=decision.effect,
        change=_effect(decision.change) if decision.change else "",
    )


def _effect(effect: Effect) -> str:
    figures = _(
        "%(name)s: %(before)s in the %(weeks)s weeks before it was decided (%(answers_before)s), %(after)s after it was done (%(answers_after)s)."
    ) % {
        "name": streams.short_name_of(effect.stream),
        "weeks": WEEKS,
        "before": wording.figure(effect.measure, effect.before.value),
        "answers_before": wording.answers(effect.before.base),
        "after": wording.figure(effect.measure, effect.after.value),
        "answers_after": wording.answers(effect.after.base),
    }
    return f"{figures} {difference_in_words(effect)}"


def difference_in_words(effect: Effect) -> str:
    return {
        "better": _("Better than before."),
        "worse": _("Worse than before."),
        "no_real_difference": _("No real difference."),
    }[effect.difference]


def _state(decision: Decision) -> str:
    if decision.done_on:
        return _("Finished %(day)s") % {"day": day_in_words(decision.done_on)}
    due = _("Done by %(day)s") % {"day": day_in_words(decision.due)}
    waits = _("waits for approval") if decision.state == "proposed" else ""
    return ", ".join(filter(None, (due, waits)))


def _more(n: int) -> str:
    return (
        ngettext("And %(count)s other measure.", "And %(count)s other measures.", n) % {"count": n}
        if n > 0
        else ""
    )


def _withheld(report: Report) -> list[str]:
    """What is not told and why, from the absence of blocks alone."""
    said = []
    if report.withheld:
        if report.figures:
            names = wording.listed(streams.short_name_of(stream) for stream in report.withheld)
            said.append(_("No figure this time: %(names)s.") % {"names": names})
        said.append(
            _(
                "Answers are counted together at least %(least)s at a time, so that nobody can be recognised. Those that wait are counted later; none is lost."
            )
            % {"least": report.rules.k}
        )
    if report.coverage and report.coverage.without:
        numbers = {"without": report.coverage.without, "units": report.coverage.units}
        said.append(
            ngettext(
                "%(without)s of %(units)s units has no figure of its own from this period.",
                "%(without)s of %(units)s units have no figure of their own from this period.",
                report.coverage.without,
            )
            % numbers
        )
    if report.scope.kind != Unit.Kind.UNIT:
        said.append(
            _(
                "When answers of a quiet unit have waited %(weeks)s weeks, they are counted together with those of other quiet units as soon as there are enough of them. That may take longer."
            )
            % {"weeks": report.rules.merge_after.days // 7}
        )
    if report.times is None:
        said.append(_no_times(report))
    return said


def _no_times(report: Report) -> str:
    if report.period.kind == "week":
        return _(
            "How long customers waited is not told by the week: it is counted in whole months, so that no single case can be recognised. The monthly report tells it."
        )
    return _(
        "How long customers waited is not told: there were not yet enough cases to count together so that none can be recognised, or their months have not ended."
    )
