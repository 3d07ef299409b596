"""Signing in and out, and one's own password."""

from typing import cast

from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from palauteketju.organisation import actions
from palauteketju.organisation.access import roles_of
from palauteketju.organisation.audience import StaffRequest, for_everyone, for_staff
from palauteketju.organisation.errors import WeakPassword
from palauteketju.organisation.forms import PasswordForm, SignInForm
from palauteketju.organisation.models import Person, Role

# Where each role's work begins, the busiest first.
_BEGINNINGS = (
    ({Role.Kind.HANDLER, Role.Kind.MANAGER}, "handling:worklist"),
    ({Role.Kind.MEMBER, Role.Kind.COMMUNICATIONS}, "insight:reports"),
    ({Role.Kind.ADMINISTRATOR, Role.Kind.PRIVACY_OFFICER}, "organisation:administration"),
)


def beginning_of(person: Person) -> str:
    """The address of the page on which the person's work begins."""
    roles = roles_of(person)
    return reverse(next(name for kinds, name in _BEGINNINGS if roles & kinds))


class SignIn(LoginView):
    """Django's own sign-in, forged posts refused; the trace and the waiting are ours."""

    template_name = "organisation/sign_in.html"
    authentication_form = SignInForm

    def get_default_redirect_url(self) -> str:
        return beginning_of(cast("Person", self.request.user))

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        actions.record_sign_in(form.get_user(), at=timezone.now())
        return super().form_valid(form)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        failure = cast("SignInForm", form).failure
        if failure == "wrong":
            actions.record_failed_sign_in(form.cleaned_data["username"], at=timezone.now())
        response = self.render_to_response(self.get_context_data(form=form))
        response.status_code = 429 if failure == "wait" else 422
        return response


# LoginView checks for forged posts itself, inside this mark.
sign_in = for_everyone(SignIn.as_view())


@for_everyone
@csrf_protect
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("organisation:sign_in")


@for_staff()
@require_http_methods(["GET"])
def begin(request: StaffRequest) -> HttpResponse:
    """One address for everybody's first page."""
    return redirect(beginning_of(request.user))


@for_staff()
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def change_password(request: StaffRequest) -> HttpResponse:
    form = PasswordForm(request.POST if request.method == "POST" else None, person=request.user)
    if form.is_valid():
        try:
            actions.change_password(request.user, form.cleaned_data["new"], at=timezone.now())
        except WeakPassword as error:
            for reason in error.reasons:
                form.add_error("new", reason)
        else:
            update_session_auth_hash(request, request.user)
            return render(request, "organisation/password_changed.html")
    context = {"form": form, "is_issued": request.user.password_is_issued}
    return render(request, "organisation/password.html", context, status=422 if form.errors else 200)
