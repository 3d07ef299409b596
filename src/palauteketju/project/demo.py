"""What the demo has besides the program: its invented county and the people who can sign in."""

from __future__ import annotations

import secrets
import shutil
import socket
import tomllib
from datetime import timedelta
from typing import TYPE_CHECKING

from palauteketju.project.commands import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from palauteketju.organisation.models import Unit

SEED = 2026
# Everything a demo puts into its data folder; nothing else in it is ever removed.
OURS = (
    "postgres",
    "postgres.lock",
    "postgres.users",
    "run",
    "log",
    "mail",
    "simulator",
    "published",
    "keys.toml",
    "demo-logins.toml",
    "synthetic-truth.jsonl",
    "organisation.csv",
)
# Stands while the county is being invented: a start that finds it throws the half away.
_LOADING = "demo.loading"
PEOPLE = {
    "handler": ("kasittelija", "Aino", "Virtanen"),
    "member": ("jasen", "Jaana", "Laine"),
    "manager": ("esihenkilo", "Mikko", "Koskinen"),
    "communications": ("viestinta", "Viivi", "Heikkinen"),
    "administrator": ("paakayttaja", "Aada", "Järvinen"),
    "privacy_officer": ("tietosuoja", "Petra", "Salo"),
}


def prepare_folder(data: Path, *, reset: bool) -> None:
    """Make the data folder, or empty it of a former demo. Raises Refused for a folder that is somebody else's."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        strangers = [entry.name for entry in data.iterdir() if not _is_ours(entry.name)]
        if strangers and not (data / "postgres").exists():
            raise Refused(f"{data} holds something else ({strangers[0]}); name an empty folder with --data.")
        if reset:
            for entry in data.iterdir():
                if _is_ours(entry.name) and entry.name != "demo.lock":
                    shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
        probe = data / "demo.probe"
        probe.write_bytes(bytes(1024 * 1024))
        probe.unlink()
    except OSError as error:
        raise Refused(f"The data folder {data} cannot be used: {error.strerror}.") from error


def _is_ours(name: str) -> bool:
    return name in OURS or name.startswith(("demo.", ".", "published"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def state(data: Path) -> str:
    """How far the invented county is: "empty", "interrupted", "loaded", or "strange" (somebody else's organisation)."""
    from palauteketju.organisation.models import Person, Unit

    if (data / _LOADING).exists():
        return "interrupted"
    if not Unit.objects.exists():
        return "empty"
    return "loaded" if Person.objects.filter(username=PEOPLE["handler"][0]).exists() else "strange"


def load(data: Path, *, units: int, weeks: int, per_week: int) -> None:
    """The invented county of the last weeks, some visits of yesterday, and the people who can sign in."""
    from django.utils import timezone

    from palauteketju.operations.synthetic.run import run

    (data / _LOADING).touch()
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    run(
        units=units,
        weeks=weeks,
        per_week=per_week,
        seed=SEED,
        start=monday - timedelta(weeks=weeks),
        truth=data / "synthetic-truth.jsonl",
        organisation=data / "organisation.csv",
    )
    _add_visits()
    _add_people(data)
    (data / _LOADING).unlink()


def _add_visits() -> None:
    """Some visits of yesterday, so that the phones of the simulator have messages from the first minute."""
    from django.utils import timezone

    from palauteketju.organisation.models import Unit
    from palauteketju.sms.actions import imitate_visit

    now = timezone.now()
    units = Unit.objects.giving_service().open_on(timezone.localdate()).filter(sms=True).order_by("code")[:6]
    for unit, language in zip(units, ("fi", "fi", "sv", "fi", "en", "fi"), strict=False):
        imitate_visit(unit, language=language, at=now)


def _add_people(data: Path) -> None:
    from django.db import transaction
    from django.utils import timezone

    from palauteketju.organisation.actions import add_person, give_role
    from palauteketju.organisation.models import Role

    now = timezone.now()
    lines = []
    with transaction.atomic():
        scopes = _scopes()
        for role, (username, first, last) in PEOPLE.items():
            password = "-".join(secrets.token_hex(2) for _part in range(3))
            person = add_person(
                username,
                password=password,
                first_name=first,
                last_name=last,
                email=f"{username}@esimerkkila.example",
                by=None,
                at=now,
            )
            give_role(person, Role.Kind(role), scopes[role], by=None, at=now)
            lines.append(f'{role} = {{ user = "{username}", password = "{password}" }}\n')
        file = data / "demo-logins.toml"
        file.touch(mode=0o600)
        file.write_text("".join(lines), encoding="utf-8")


def _scopes() -> dict[str, Unit]:
    """The unit with the most open cases for those who work in one, its area for the manager, the county for the rest."""
    from django.utils import timezone

    from palauteketju.handling.handover import busiest_unit
    from palauteketju.organisation.models import Unit
    from palauteketju.organisation.queries import county

    # A very small county may have no open case at all.
    unit = busiest_unit() or Unit.objects.giving_service().open_on(timezone.localdate()).first()
    whole = county()
    if unit is None or unit.parent is None or whole is None:
        raise Refused("The invented county has no units; start again with --reset.")
    return {"handler": unit, "member": unit, "manager": unit.parent} | dict.fromkeys(
        ("communications", "administrator", "privacy_officer"), whole
    )


def logins(data: Path) -> Iterator[tuple[str, str, str]]:
    """Role, user name and password of each account."""
    try:
        accounts = tomllib.loads((data / "demo-logins.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise Refused(f"{data}/demo-logins.toml is gone or unreadable; start again with --reset.") from error
    for role, account in accounts.items():
        yield role, account["user"], account["password"]
