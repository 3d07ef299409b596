"""Who is prompted of what: the roles, absences, wishes and chat channels of some units, read at once.

The nearest level counts that has the role at all: the unit, else its area, else the county. An absent person is
replaced by their substitute where that one has the role too. Are all handlers of the level away, nobody is prompted and
the manager is told; are all managers away, the level above is asked, since behind them comes nobody.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Exists, OuterRef

from palauteketju.handling.models import ChatChannel, Prompt, PromptSettings, RefusedMailbox
from palauteketju.handling.prompting.times import Wishes, wishes_of
from palauteketju.organisation.absences import absences_on
from palauteketju.organisation.models import Absence, Person, Role, Unit

ROLES: Final[Mapping[str, tuple[Role.Kind, ...]]] = {
    Prompt.Kind.NEW: (Role.Kind.HANDLER,),
    Prompt.Kind.NO_HANDLER: (Role.Kind.MANAGER,),
    Prompt.Kind.MAILBOX: (Role.Kind.MANAGER,),
    Prompt.Kind.CUSTOMER_WROTE: (Role.Kind.HANDLER,),
    Prompt.Kind.MOVED: (Role.Kind.HANDLER,),
    Prompt.Kind.REMINDER: (Role.Kind.HANDLER,),
    Prompt.Kind.OVERDUE: (Role.Kind.HANDLER, Role.Kind.MANAGER),
}
# That somebody who should know may not: told to managers at once, whatever they chose.
ALARMS: Final = frozenset({Prompt.Kind.NO_HANDLER, Prompt.Kind.MAILBOX})
_PROMPTED: Final = (Role.Kind.HANDLER, Role.Kind.MANAGER)


@dataclass(frozen=True)
class InCharge:
    """Built by `in_charge_of`; asks the database nothing more."""

    # Each unit with what is above it, nearest first.
    chains: Mapping[int, tuple[int, ...]]
    holders: Mapping[tuple[int, str], list[Person]]
    absences: Mapping[int, Absence]
    chosen: Mapping[int, PromptSettings]
    channels: Mapping[int, ChatChannel]
    # Whose mailbox refused the last prompt for good.
    refused: frozenset[int]

    def of(self, unit: int, kind: str) -> list[Person]:
        """Each once, in the order of their roles."""
        people: dict[int, Person] = {}
        for role in ROLES[kind]:
            people |= {person.pk: person for person in self._present(unit, role)}
        return list(people.values())

    def reaches(self, unit: int, kind: str) -> bool:
        """Whether the e-mail of at least one of them can be expected to arrive."""
        return any(person.email and person.pk not in self.refused for person in self.of(unit, kind))

    def is_away(self, person: Person) -> bool:
        return person.pk in self.absences

    def wishes(self, person: Person) -> Wishes:
        return wishes_of(self.chosen.get(person.pk))

    def channel(self, unit: int) -> ChatChannel | None:
        """The nearest one: of the unit, else of its area, else of the county."""
        return next((self.channels[scope] for scope in self.chains[unit] if scope in self.channels), None)

    def _present(self, unit: int, role: Role.Kind) -> list[Person]:
        for scope in self.chains[unit]:
            holders = self.holders.get((scope, role), [])
            present = [stand_in for person in holders if (stand_in := self._stand_in(person, unit, role))]
            if present or (holders and role == Role.Kind.HANDLER):
                return present
        return []

    def _stand_in(self, person: Person, unit: int, role: Role.Kind) -> Person | None:
        absence = self.absences.get(person.pk)
        if absence is None:
            return person
        substitute = absence.substitute
        if substitute is None or substitute.pk in self.absences:
            return None
        entitled = {
            holder.pk for scope in self.chains[unit] for holder in self.holders.get((scope, role), [])
        }
        return substitute if substitute.pk in entitled else None


def in_charge_of(units: Iterable[int], *, on: date) -> InCharge:
    """For these units on that day. The number of queries is the same for one unit and for all of them."""
    rows = Unit.objects.filter(pk__in=set(units)).values_list("pk", "parent", "parent__parent")
    chains = {row[0]: tuple(pk for pk in row if pk) for row in rows}
    scopes = {scope for chain in chains.values() for scope in chain}
    holders: dict[tuple[int, str], list[Person]] = defaultdict(list)
    roles = Role.objects.filter(unit__in=scopes, kind__in=_PROMPTED, person__is_active=True)
    refuses = Exists(RefusedMailbox.objects.filter(person=OuterRef("person")))
    refused = set()
    for role in roles.annotate(refuses=refuses).select_related("person").order_by("person"):
        holders[role.unit_id, role.kind].append(role.person)
        if role.refuses:
            refused.add(role.person_id)
    people = {person.pk for held in holders.values() for person in held}
    channels = ChatChannel.objects.filter(unit__in=scopes, closed_at__isnull=True)
    return InCharge(
        chains,
        holders,
        absences_on(on, people),
        PromptSettings.objects.in_bulk(people),
        {channel.unit_id: channel for channel in channels},
        frozenset(refused),
    )
