"""Changes to the organisation: units, people, roles and integrations."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from palauteketju.audit import log
from palauteketju.organisation import files
from palauteketju.organisation.access import hash_of_key
from palauteketju.organisation.errors import BadRow, OrganisationFileRefused, OwnRoles, WeakPassword
from palauteketju.organisation.models import FailedSignIn, Integration, Person, Role, Unit
from palauteketju.organisation.queries import FAILURES_COUNT_FOR, hash_of_username


@dataclass(frozen=True)
class Imported:
    added: int
    changed: int
    unchanged: int


def import_organisation(
    content: bytes, *, by: Person | None, at: datetime, dry_run: bool = False
) -> Imported:
    """Make the organisation as the file says: all of it, or nothing when any row is bad.

    The same file again changes nothing. Units the file does not name stay as they are: closing one is an `active_to`.
    Raises OrganisationFileRefused with every bad row.
    """
    rows = sorted(files.read(content), key=lambda row: list(files.PARENT_KIND).index(row.kind))
    with transaction.atomic():
        known = {unit.code: unit for unit in Unit.objects.select_for_update()}
        _refuse_misfits(rows, known)
        _free_oids(rows, known)
        added = changed = 0
        for row in rows:
            parent = known[row.parent_code] if row.parent_code else None
            unit = known.get(row.code)
            if unit is None:
                unit = known[row.code] = Unit(parent=parent, **row.values)
                unit.save(force_insert=True)
                log.record("organisation.unit.added", by=by, subject=unit, at=at, facts={"code": unit.code})
                added += 1
            elif differing := _differences(unit, parent, row):
                unit.parent = parent
                for name, value in row.values.items():
                    setattr(unit, name, value)
                unit.save()
                facts = {"code": unit.code, "fields": ", ".join(differing)}
                log.record("organisation.unit.changed", by=by, subject=unit, at=at, facts=facts)
                changed += 1
        if dry_run:
            transaction.set_rollback(True)
    return Imported(added, changed, len(rows) - added - changed)


def _refuse_misfits(rows: list[files.UnitRow], known: dict[str, Unit]) -> None:
    """What the file says against the units there are: another kind for a code, a name in use elsewhere."""
    in_file = {row.code for row in rows}
    others = [unit for unit in known.values() if unit.code not in in_file]
    slugs = {unit.slug: unit.code for unit in others}
    oids = {unit.oid: unit.code for unit in others if unit.oid}
    bad = []
    for row in rows:
        unit = known.get(row.code)
        if unit and unit.kind != row.kind:
            bad.append(
                BadRow(row.line, f"{row.code!r} is a {unit.kind} already; a code cannot change its kind.")
            )
        for name, taken in (("slug", slugs), ("oid", oids)):
            if row.values[name] in taken:
                bad.append(
                    BadRow(
                        row.line,
                        f"{name} {row.values[name]!r} belongs to {taken[row.values[name]]!r} already.",
                    )
                )
    if bad:
        raise OrganisationFileRefused(bad)


def _free_oids(rows: list[files.UnitRow], known: dict[str, Unit]) -> None:
    """Take off the OIDs that are about to change: two units may change theirs with each other."""
    changing = [
        row.code for row in rows if row.code in known and known[row.code].oid not in {"", row.values["oid"]}
    ]
    Unit.objects.filter(code__in=changing).update(oid="")


def _differences(unit: Unit, parent: Unit | None, row: files.UnitRow) -> list[str]:
    differing = [name for name, value in row.values.items() if getattr(unit, name) != value]
    return differing if unit.parent_id == (parent.pk if parent else None) else ["parent", *differing]


def add_person(
    username: str,
    *,
    password: str | None,
    password_is_issued: bool = False,
    first_name: str,
    last_name: str,
    email: str,
    by: Person | None,
    at: datetime,
) -> Person:
    """Somebody new, who sees nothing before a role is given and cannot sign in while `password` is None."""
    with transaction.atomic():
        person = Person(
            username=username,
            first_name=first_name,
            last_name=last_name,
            email=email,
            date_joined=at,
            password_is_issued=password_is_issued,
        )
        person.set_password(password)
        person.save(force_insert=True)
        log.record("organisation.person.added", by=by, subject=person, at=at)
    return person


def new_password() -> str:
    """A first password to hand over: 80 random bits in letters that are not mistaken for each other."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def reset_password(person: Person, *, by: Person, at: datetime) -> str:
    """A new password for somebody who has lost the old one; the old one, and who signed in with it, is out at once."""
    password = new_password()
    with transaction.atomic():
        person.set_password(password)
        person.password_is_issued = True
        person.save(update_fields=["password", "password_is_issued"])
        log.record("organisation.person.password_reset", by=by, subject=person, at=at)
    return password


def change_password(person: Person, password: str, *, at: datetime) -> None:
    """The person's own choice. Raises WeakPassword with the reasons."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise WeakPassword([str(message) for message in error.messages]) from error
    with transaction.atomic():
        person.set_password(password)
        person.password_is_issued = False
        person.save(update_fields=["password", "password_is_issued"])
        log.record("organisation.person.password_changed", by=person, subject=person, at=at)


def close_account(person: Person, *, by: Person, at: datetime) -> None:
    """Somebody leaves: signs in no more, and is signed out on the next page. The trace keeps the person. Raises OwnRoles."""
    if by == person:
        raise OwnRoles
    with transaction.atomic():
        changed = Person.objects.filter(pk=person.pk, is_active=True).update(is_active=False)
        if changed:
            log.record("organisation.person.closed", by=by, subject=person, at=at)


def reopen_account(person: Person, *, by: Person, at: datetime) -> None:
    """The person signs in again, with the roles that were not taken meanwhile."""
    with transaction.atomic():
        changed = Person.objects.filter(pk=person.pk, is_active=False).update(is_active=True)
        if changed:
            log.record("organisation.person.reopened", by=by, subject=person, at=at)


def record_sign_in(person: Person, *, at: datetime) -> None:
    """Leave a trace of a sign-in, and forget the wrong passwords before it."""
    with transaction.atomic():
        FailedSignIn.objects.filter(name_hash=hash_of_username(person.username)).delete()
        log.record("organisation.person.signed_in", by=person, subject=person, at=at)


def record_failed_sign_in(username: str, *, at: datetime) -> None:
    """Count a wrong password and leave a trace of it. A name that is nobody's is not written down anywhere."""
    with transaction.atomic():
        FailedSignIn.objects.filter(at__lte=at - FAILURES_COUNT_FOR).delete()
        failure = FailedSignIn.objects.create(name_hash=hash_of_username(username), at=at)
        person = Person.objects.filter(username=username).first()
        log.record("organisation.person.sign_in_failed", by=None, subject=person or failure, at=at)


def give_role(person: Person, kind: Role.Kind, unit: Unit, *, by: Person | None, at: datetime) -> Role:
    """Give a role in the unit and all below it; giving it twice changes nothing. Raises OwnRoles.

    An administrator who could become a handler alone could read feedback with nobody else knowing.
    """
    if by == person:
        raise OwnRoles
    with transaction.atomic():
        role, is_new = Role.objects.get_or_create(person=person, kind=kind, unit=unit)
        if is_new:
            facts = {"role": kind.value, "unit": unit.code}
            log.record("organisation.role.given", by=by, subject=person, at=at, facts=facts)
    return role


def take_role(role: Role, *, by: Person, at: datetime) -> None:
    """Take a role away: from the next page on the person no longer sees what it opened. Raises OwnRoles."""
    if by.pk == role.person_id:
        raise OwnRoles
    with transaction.atomic():
        facts = {"role": role.kind, "unit": role.unit.code}
        log.record("organisation.role.taken", by=by, subject=role.person, at=at, facts=facts)
        role.delete()


def add_integration(
    name: str, *, right: Integration.Right, unit: Unit, by: Person | None, at: datetime
) -> tuple[Integration, str]:
    """A key for another system. The key is returned once, here: only its hash is stored."""
    key = secrets.token_urlsafe(32)
    with transaction.atomic():
        integration = Integration.objects.create(
            name=name, key_hash=hash_of_key(key), right=right, unit=unit, created_at=at
        )
        facts = {"right": right.value, "unit": unit.code}
        log.record("organisation.integration.added", by=by, subject=integration, at=at, facts=facts)
    return integration, key


def revoke_integration(integration: Integration, *, by: Person, at: datetime) -> None:
    """From now on the key opens nothing."""
    with transaction.atomic():
        changed = Integration.objects.filter(pk=integration.pk, revoked_at__isnull=True).update(revoked_at=at)
        if changed:
            log.record("organisation.integration.revoked", by=by, subject=integration, at=at)
