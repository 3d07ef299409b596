"""An invented county: Esimerkkilä, its areas, its units and the people who work there."""

import csv
import io
import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from palauteketju.organisation.actions import add_person, give_role, import_organisation
from palauteketju.organisation.files import COLUMNS
from palauteketju.organisation.models import Person, Role, Unit

# Code, parent, kind and the names in Finnish, Swedish and English, as columns of the file.
COUNTY = (
    "esimerkkila",
    "",
    "county",
    "Esimerkkilän hyvinvointialue",
    "Välfärdsområdet Exempelby",
    "Wellbeing Services County of Esimerkkilä",
)
AREAS = [
    ("terveys", "Terveyspalvelut", "Hälsovårdstjänster", "Health services"),
    ("ikaihmiset", "Ikäihmisten palvelut", "Tjänster för äldre", "Services for older people"),
    (
        "perheet",
        "Perhe- ja vammaispalvelut",
        "Familje- och funktionshinderservice",
        "Family and disability services",
    ),
    ("sairaala", "Sairaalapalvelut", "Sjukhustjänster", "Hospital services"),
    (
        "mielenterveys",
        "Mielenterveys- ja päihdepalvelut",
        "Mentalvårds- och missbrukartjänster",
        "Mental health and substance use services",
    ),
]
# Area, what a unit of it is called in each language, whether being its customer is sensitive, whether it sends text messages.
SORTS = {
    "terveys": [
        ("terveysasema", "hälsostation", "health centre", False, True),
        ("hammashoitola", "tandklinik", "dental clinic", False, True),
        ("neuvola", "rådgivning", "maternity and child health clinic", False, False),
    ],
    "ikaihmiset": [
        ("kotihoito", "hemvård", "home care", False, False),
        ("palvelukeskus", "servicecenter", "service centre", False, False),
    ],
    "perheet": [
        ("perhekeskus", "familjecenter", "family centre", False, True),
        ("lastensuojelu", "barnskydd", "child protection", True, False),
        ("vammaispalvelu", "funktionshinderservice", "disability services", False, False),
    ],
    "sairaala": [
        ("päivystys", "jour", "emergency department", False, True),
        ("kuvantaminen", "bilddiagnostik", "imaging", False, True),
        ("leikkausosasto", "operationsavdelning", "surgical ward", False, True),
    ],
    "mielenterveys": [
        ("psykiatrian poliklinikka", "psykiatrisk poliklinik", "psychiatric outpatient clinic", True, True),
        ("päihdepoliklinikka", "missbrukarpoliklinik", "substance use clinic", True, True),
    ],
}
PLACES = [
    ("Keskusta", "Centrum"),
    ("Koivula", "Björkby"),
    ("Rantakylä", "Strandby"),
    ("Mäntylä", "Tallbacka"),
    ("Pohjola", "Norrby"),
    ("Etelälahti", "Söderviken"),
    ("Kirkonkylä", "Kyrkbyn"),
    ("Asemanseutu", "Stationen"),
    ("Järvenpuoli", "Sjösidan"),
    ("Niittylä", "Ängsby"),
    ("Harjunpää", "Åsen"),
    ("Saarinen", "Holmen"),
    ("Metsola", "Skogby"),
    ("Kallio", "Berget"),
    ("Peltola", "Åkerby"),
    ("Lehtola", "Lövby"),
    ("Myllymäki", "Kvarnbacken"),
    ("Satama", "Hamnen"),
    ("Ylikylä", "Överby"),
    ("Alakylä", "Nederby"),
]
FIRST_NAMES = [
    "Aino",
    "Eero",
    "Helmi",
    "Onni",
    "Sofia",
    "Väinö",
    "Kerttu",
    "Ilmari",
    "Linnea",
    "Oskar",
    "Saimi",
    "Toivo",
]
LAST_NAMES = [
    "Korhonen",
    "Lindholm",
    "Nieminen",
    "Mäkelä",
    "Rantanen",
    "Holm",
    "Laakso",
    "Salonen",
    "Ekström",
    "Ahonen",
]


@dataclass(frozen=True)
class Place:
    """A unit and what its customers meet there: `weight` how many they are, `quality` how well it goes (about 0)."""

    unit: Unit
    weight: float
    quality: float
    handler: Person


def organisation_csv(units: int, *, start: date) -> bytes:
    """The invented organisation as the file a real county would import; the last unit of fifty is a closed one."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerow([*COUNTY, "", "0", "0", "", ""])
    for code, *names in AREAS:
        writer.writerow([code, COUNTY[0], "area", *names, "", "0", "0", "", ""])
    writer.writerows(_unit_row(number, start=start) for number in range(units))
    return stream.getvalue().encode()


def _unit_row(number: int, *, start: date) -> list[str | int]:
    area = AREAS[number % len(AREAS)][0]
    fi, sv, en, sensitive, sms = SORTS[area][(number // len(AREAS)) % len(SORTS[area])]
    turn = number // len(AREAS) // len(SORTS[area])
    place_fi, place_sv = PLACES[(turn + number) % len(PLACES)]
    district = f" {turn // len(PLACES) + 1}" if turn >= len(PLACES) else ""
    # Closed before the story begins: nobody gives it anything.
    closed = (start - timedelta(days=1)).isoformat() if number % 50 == 49 else ""
    names = [f"{place_fi}, {fi}{district}", f"{place_sv}, {sv}{district}", f"{place_fi}, {en}{district}"]
    oid = f"1.2.246.10.99999999.10.{number + 1}"
    return [f"y{number + 1:03d}", area, "unit", *names, oid, int(sensitive), int(sms), "", closed]


def settle(content: bytes, random_: random.Random, *, at: datetime) -> list[Place]:
    """Import the organisation and give each unit its handler; the people cannot sign in before they get a password."""
    import_organisation(content, by=None, at=at)
    places = []
    for number, unit in enumerate(
        Unit.objects.giving_service().open_on(at.date()).select_related("parent").order_by("code")
    ):
        first, last = FIRST_NAMES[number % len(FIRST_NAMES)], LAST_NAMES[number % len(LAST_NAMES)]
        handler = add_person(
            f"kasittelija.{unit.code}",
            password=None,
            first_name=first,
            last_name=last,
            email=f"kasittelija.{unit.code}@esimerkkila.example",
            by=None,
            at=at,
        )
        give_role(handler, Role.Kind.HANDLER, unit, by=None, at=at)
        places.append(Place(unit, random_.lognormvariate(0, 0.7), random_.gauss(0, 0.6), handler))
    return places


def add_approver(*, at: datetime) -> Person:
    """Somebody of the county's communications, who approves measures."""
    approver = add_person(
        "viestinta.esimerkkila",
        password=None,
        first_name="Linnea",
        last_name="Holm",
        email="viestinta.esimerkkila@esimerkkila.example",
        by=None,
        at=at,
    )
    give_role(approver, Role.Kind.COMMUNICATIONS, Unit.objects.get(kind=Unit.Kind.COUNTY), by=None, at=at)
    return approver
