"""The ready texts that show a customer a formal road outside this program; the handler may change every word."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from palauteketju.handling.models import Case
from palauteketju.organisation.rules import FormalRoutes, county_rules


def ready_text(road: Case.FormalRoad) -> str:
    """In the language in force, with the county's own address where it has given one, else that of our page of these roads."""
    ways = _ways(road, county_rules().formal_routes)
    end = _("The unit does not deal with this feedback any further.")
    return "\n\n".join([_("Thank you for your feedback."), *ways, end])


def _ways(road: Case.FormalRoad, routes: FormalRoutes) -> list[str]:
    if road == Case.FormalRoad.REMINDER:
        way = _(
            "What you tell of is best dealt with as a formal reminder (muistutus). It is made in writing to the unit that"
            " cared for you, and it is answered in writing, usually within a month."
        )
        return [way, _more(routes.reminder_address)]
    if road == Case.FormalRoad.OMBUDSMAN:
        way = _(
            "The patient and social services ombudsman advises you free of charge in questions of your rights, and helps"
            " you to make a formal reminder if you want to make one."
        )
        return [way, _more(routes.ombudsman_address)]
    if road == Case.FormalRoad.DANGER_NOTICE:
        return [
            _(
                "What you tell of has been passed on as a danger notice. Danger notices are used to prevent the same from"
                " happening again. They are dealt with in a system of their own, and nobody is sought to be blamed."
            )
        ]
    return [
        _(
            "Your feedback is about a service that a private provider gives. Please send it to that provider, who is"
            " responsible for the service and answers you."
        )
    ]


def _more(address: str) -> str:
    ours = f"{settings.PUBLIC_ADDRESS}{reverse('intake:other_routes')}"
    return _("You find more here: %(address)s") % {"address": address or ours}
