"""`/v/<token>/`: the survey a text message led to. One link, one feedback."""

from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods

from palauteketju.intake import actions as intake
from palauteketju.intake import forms, submissions, wording
from palauteketju.organisation.audience import for_everyone
from palauteketju.organisation.language import CODES, COOKIE
from palauteketju.organisation.rules import county_rules
from palauteketju.sms import queries, tokens
from palauteketju.sms.eligibility import local_day
from palauteketju.sms.models import Invitation
from palauteketju.surveys.library import QuestionSet, question_set

_CHANNEL = "sms"


@for_everyone
@require_http_methods(["GET", "HEAD", "POST"])
def answer_survey(request: HttpRequest, token: str) -> HttpResponse:
    """A short form; sending it stores the feedback before the answer leaves, as every form does."""
    at = timezone.now()
    token = tokens.normalise(token)
    invitation = queries.invitation(token)
    if invitation is None or invitation.expires_on < local_day(at):
        status = HTTPStatus.NOT_FOUND if invitation is None else HTTPStatus.GONE
        context = {"days": county_rules().sms.link_valid_days}
        response = render(request, "sms/no_survey.html", context, status=status)
    else:
        with translation.override(_language(request, invitation)):
            response = _survey(request, invitation, token, at=at)
            response["Content-Language"] = translation.get_language()
    # The address is as good as a key: no search engine and no shared cache may keep it.
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "private, no-store"
    return response


def _survey(request: HttpRequest, invitation: Invitation, token: str, *, at: datetime) -> HttpResponse:
    # Whoever opens the link after it was answered has no form to send, and is not shown the code of the first.
    has_form = tokens.is_form_mark(request.POST.get("mark", ""), token)
    if request.method == "POST" and has_form:
        return _sent(request, invitation, token, at=at)
    if intake.received_earlier(tokens.nonce(token)):
        return render(request, "sms/answered.html", _about(invitation))
    return _form(request, invitation, token)


def _sent(request: HttpRequest, invitation: Invitation, token: str, *, at: datetime) -> HttpResponse:
    asked = _asked()
    raw = forms.raw_from(request.POST, asked)
    submission, errors = submissions.read(
        raw,
        unit=invitation.unit,
        channel=_CHANNEL,
        question_set=asked,
        language=translation.get_language(),
        at=at,
    )
    if submission is None:
        return _form(request, invitation, token, problems=wording.explained(errors, raw))
    received = intake.receive(submission, nonce=tokens.nonce(token), at=at)
    return render(request, "sms/thank_you.html", _about(invitation) | {"received": received})


def _form(
    request: HttpRequest, invitation: Invitation, token: str, *, problems: dict[str, str] | None = None
) -> HttpResponse:
    """The empty form, or with `problems` the one that came back, with everything that was typed."""
    language = translation.get_language()
    data = request.POST if problems else None
    form = forms.FeedbackForm(data, question_set=_asked(), language=language, offers_answer=_offers_answer())
    context = _about(invitation) | {"form": form, "mark": tokens.form_mark(token), "language": language}
    if problems:
        form.tell(problems)
        # Another language would be another, empty form.
        context["languages"] = []
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return render(request, "sms/answer_survey.html", context, status=status)


def _asked() -> QuestionSet:
    """The county's question set with only the questions of the short survey: the answers join the same streams."""
    rules = county_rules()
    definition = question_set(rules.question_set)
    return replace(definition, questions=definition.only(rules.sms.questions))


def _offers_answer() -> bool:
    return county_rules().allows_contact_request(_CHANNEL)


def _about(invitation: Invitation) -> dict[str, object]:
    """What the page may tell of the visit. A phone lies on tables: a sensitive unit is not named here either."""
    return {
        "unit": None if invitation.unit.sensitive else invitation.unit,
        "week": int(invitation.event_week[-2:]),
        "offers_answer": _offers_answer(),
    }


def _language(request: HttpRequest, invitation: Invitation) -> str:
    """The one chosen on the page, else that of the message; not the browser's, which may be another person's."""
    for chosen in (request.POST.get("language"), request.GET.get(COOKIE)):
        if chosen in CODES:
            return str(chosen)
    return invitation.language
