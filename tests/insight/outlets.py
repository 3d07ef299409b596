"""Everything by which figures leave: pages, files, exports, the API, e-mails, the board, the public site. As bytes, by name."""

import io
import re
import tempfile
from pathlib import Path
from uuid import uuid4

from django.core import mail
from django.test import Client
from django.utils import translation

from palauteketju.improvement import boards
from palauteketju.improvement.ready_reports import ready_report
from palauteketju.insight import exports, report_file, report_orders
from palauteketju.insight.models import ReportMail
from palauteketju.insight.periods import read_any
from palauteketju.organisation.actions import add_integration
from palauteketju.organisation.models import Integration, Unit
from palauteketju.project.commands import figures
from palauteketju.publishing.actions import publish

CODES = ("keskusta", "psyk", "koti", "terveys", "sata")
PERIODS = ("2026-W47", "2026-11", "2026-3", "2026")
IN_ADDRESS = ("viikko=2026-W47", "kuukausi=2026-11", "tertiaali=2026-3", "vuosi=2026")
# A new one each time a page is shown.
_TOKENS = re.compile(rb'(csrfmiddlewaretoken" value=|nonce[-=])"?[\w-]+')


def files(_people, _at):
    """Each ready-made report in each format: what is drawn, its alternative texts and what a file says of itself."""
    for code in CODES:
        for period in PERIODS:
            report = ready_report(Unit.objects.get(code=code), read_any(period))
            for name, form in report_file.FORMATS.items():
                yield f"{code} {period}.{name}", form.write(report)


def pages(people, at):
    """What communications and a manager see, for whom no feedback is worth a number; a screen's board."""
    # First, for a manager's page says whether a screen is open.
    token = boards.open_board(Unit.objects.get(code="keskusta"), by=people.aino, at=at)
    yield "screen", _asked(Client(), f"/raportit/keskusta/taulu/{token}/").replace(token.encode(), b"")
    for person in (people.viivi, people.mikko):
        client = Client()
        client.force_login(person)
        for code in CODES if person == people.viivi else ("keskusta", "terveys"):
            paths = [f"/raportit/{code}/?{period}" for period in IN_ADDRESS]
            paths += [f"/raportit/{code}/taulu/", f"/raportit/{code}/kokous/?viikko=2026-W47"]
            paths += [f"/raportit/{code}/vertailu/", f"/raportit/{code}/kokoukset/"]
            yield from ((f"{person} {path}", _asked(client, path)) for path in paths)
        for path in ("/raportit/", "/raportit/tilaus/", "/toimenpiteet/"):
            yield f"{person} {path}", _asked(client, path)


def data(_people, at):
    """For other programs: exports, the API with a key and without, the command."""
    for audience in ("internal", "public"):
        for kind in exports.WRITERS:
            file = io.BytesIO()
            exports.write(file, audience, kind)
            yield f"{audience} {kind}", file.getvalue()
        yield f"figures {audience}", _printed(audience)
    for code in CODES:
        unit = Unit.objects.get(code=code)
        right = Integration.Right.READ_BLOCKS
        key = add_integration(f"{uuid4()}", right=right, unit=unit, by=None, at=at)[1]
        response = Client().get("/api/v1/blocks?audience=internal", headers={"X-API-Key": key})
        assert response.status_code == 200
        yield f"API {code}", response.content
        yield f"results {code}", _asked(Client(), f"/api/v1/results/{code}")
    yield "API public", _asked(Client(), "/api/v1/blocks")


def open_site(people, at):
    """What everybody sees: pages, feed, materials, the site as files."""
    for path in ("/tulokset/", "/tulokset/syote.xml", *(f"/tulokset/{code}/" for code in CODES)):
        yield path, _asked(Client(), path)
    staff = Client()
    staff.force_login(people.viivi)
    for path in ("/materiaalit/keskusta/juliste.pdf", "/materiaalit/keskusta/kortti.png"):
        yield path, _asked(staff, path)
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "www"
        publish(output, at=at)
        for file in sorted(output.resolve().rglob("*")):
            if file.is_file():
                yield file.relative_to(output.resolve()).as_posix(), file.read_bytes()


def mails(people, at):
    """Monday's mail: its subject, its words, its headers."""
    ReportMail.objects.all().delete()
    mail.outbox.clear()
    report_orders.announce_due(at=at)
    for waiting in ReportMail.objects.order_by("person"):
        report_orders.send_report_mail(waiting.pk, at=at)
    assert mail.outbox
    for message in mail.outbox:
        kept = {name: value for name, value in message.extra_headers.items() if name != "Message-ID"}
        yield f"mail to {message.to}", f"{message.subject}\n{message.body}\n{kept}".encode()


OUTLETS = {"files": files, "pages": pages, "data": data, "open site": open_site, "mails": mails}


def all_of(name, people, at):
    return dict(_told(name, people, at))


def one_of(name, what, people, at):
    """That one alone, and no more made than comes before it."""
    return next(content for told, content in _told(name, people, at) if told == what)


def _told(name, people, at):
    with translation.override("fi"):
        for what, content in OUTLETS[name](people, at):
            yield what, _TOKENS.sub(rb"\1", content)


def _asked(client, path):
    response = client.get(path)
    assert response.status_code in {200, 302, 404}, path
    return b"%d %s" % (response.status_code, response.content)


def _printed(audience):
    from contextlib import redirect_stdout
    from types import SimpleNamespace

    told = io.StringIO()
    with redirect_stdout(told):
        figures.run(SimpleNamespace(audience=audience))
    return told.getvalue().encode()
