import argparse
import getpass
import sys

from palauteketju.project.commands import Refused

NEEDS = "database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("username")
    parser.add_argument("--name", required=True, help='given name and family name, "Aino Virtanen"')
    parser.add_argument("--email", required=True)
    parser.add_argument(
        "--role", required=True, help="handler, member, manager, communications, administrator …"
    )
    parser.add_argument("--unit", required=True, help="code of the unit, area or county of the role")


def run(options: argparse.Namespace) -> int:
    """The password is asked for, or read from standard input when that is no terminal."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.db import transaction
    from django.utils import timezone

    from palauteketju.organisation.actions import add_person, give_role
    from palauteketju.organisation.models import Person, Role
    from palauteketju.organisation.queries import unit_by_code

    unit = unit_by_code(options.unit)
    if unit is None:
        raise Refused(f"There is no unit {options.unit!r}.")
    if options.role not in Role.Kind.values:
        raise Refused(f"There is no role {options.role!r}; there are {', '.join(Role.Kind.values)}.")
    if Person.objects.filter(username=options.username).exists():
        raise Refused(f"There is a person {options.username!r} already.")
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    try:
        validate_password(password)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    first_name, _, last_name = options.name.partition(" ")
    with transaction.atomic():
        now = timezone.now()
        person = add_person(
            options.username,
            password=password,
            first_name=first_name,
            last_name=last_name,
            email=options.email,
            by=None,
            at=now,
        )
        give_role(person, Role.Kind(options.role), unit, by=None, at=now)
    print(f"{options.username} can sign in as {options.role} of {unit.code}.")
    return 0
