"""Publishing the site as files: `palauteketju publish --output DIR`."""

import argparse
import json
import os
import re
import sys
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from palauteketju.improvement.models import Measure
from palauteketju.project.commands import Refused
from palauteketju.project.commands import publish as command
from palauteketju.publishing import folders
from palauteketju.publishing.actions import is_due, publish
from palauteketju.publishing.errors import FolderRefused


@pytest.fixture
def output(tmp_path):
    return tmp_path / "www" / "tulokset"


@pytest.fixture
def published(figures, measure, output, at):
    publish(output, at=at)
    return output


def files_of(folder):
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()
    }


def siblings_of(output):
    return sorted(entry.name for entry in output.parent.iterdir())


class Links(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in {"href", "src", "action"}]


def test_it_works(figures, measure, output, at):
    pages = publish(output, at=at)

    # The county, two areas and three units, each in three languages.
    assert pages == 18
    assert len(list(output.glob("*/**/index.html"))) == 18
    html = (output / "fi" / "keskusta" / "index.html").read_text(encoding="utf-8")
    assert "Keskustan terveysasema" in html
    assert "+40" in html
    assert "Takaisinsoitto saman päivän aikana" in html


def test_the_folder_itself_opens_the_countys_page_in_finnish(published):
    html = (published / "index.html").read_text(encoding="utf-8")

    assert '<html lang="fi">' in html
    assert "Esimerkkilä" in html


def test_nothing_of_a_unit_below_the_limit_is_in_any_file(published):
    files = files_of(published)

    assert json.loads(files["tiedot/psyk.json"])["figures"] == []
    assert all(
        "−100".encode() not in content or name.endswith(".css")
        for name, content in files.items()
        if "psyk" in name
    )
    assert b"stat-figure" not in files["fi/psyk/index.html"]
    assert b"stat-figure" not in files["fi/koti/index.html"]


def test_measures_that_are_not_approved_are_in_no_file(figures, measure, output, at):
    Measure.objects.update(state=Measure.State.RECORDED, approved_by=None, approved_at=None)
    publish(output, at=at)

    assert not [name for name, content in files_of(output).items() if b"Takaisinsoitto" in content]


def test_every_link_leads_to_a_file_or_to_the_program(published, settings):
    for page in published.rglob("*.html"):
        for link in Links(page.read_text(encoding="utf-8")).found:
            parts = urlsplit(link)
            if parts.scheme == "data" or not (parts.scheme or parts.path):
                continue
            if parts.scheme:
                assert link.startswith(settings.PUBLIC_ADDRESS + "/"), link
                assert "/tulokset/keskusta" not in link
            else:
                assert not link.startswith("/"), link
                assert (page.parent / parts.path).resolve().is_file(), (page, link)


def test_a_link_to_the_program_asks_for_the_same_language(published, settings):
    html = (published / "sv" / "keskusta" / "index.html").read_text(encoding="utf-8")

    assert f'href="{settings.PUBLIC_ADDRESS}/p/keskusta/?kieli=sv"' in html


def test_it_needs_nothing_from_elsewhere_to_look_right(published):
    html = (published / "en" / "index.html").read_text(encoding="utf-8")
    style = re.search(r'<link rel="stylesheet" href="([^"]+)"', html)[1]

    assert style.startswith("../ulkoasu-")
    assert not re.search(r"url\(|@import", (published / "en" / style).read_text(encoding="utf-8"))
    assert "<script" not in html


def test_the_same_again_makes_the_same_files(figures, measure, output, tmp_path, at):
    publish(output, at=at)
    publish(tmp_path / "again", at=at)

    assert files_of(output) == files_of(tmp_path / "again")


def test_the_new_content_takes_the_old_ones_place_whole(published, units, at):
    old = published.resolve()
    units.koti.active_to = date(2026, 1, 1)
    units.koti.save()
    publish(published, at=at)

    assert not (published / "fi" / "koti").exists()
    assert published.resolve() != old
    assert not old.exists()
    assert len(siblings_of(published)) == 2


def test_web_servers_of_other_accounts_may_read_it(published):
    assert published.stat().st_mode & 0o055 == 0o055


def test_an_empty_folder_is_taken_into_use(figures, output, at):
    output.mkdir(parents=True)

    assert publish(output, at=at) == 18


@pytest.mark.parametrize("kind", ["full", "file", "link", "mine"])
def test_a_folder_of_somebody_elses_is_refused_and_left_as_it_is(figures, output, at, kind):
    output.parent.mkdir(parents=True)
    theirs = output.parent / "theirs"
    theirs.mkdir()
    (theirs / "photo.jpg").write_bytes(b"mine")
    if kind == "full":
        theirs.rename(output)
    elif kind == "file":
        output.write_bytes(b"mine")
    elif kind == "link":
        output.symlink_to(theirs)
    else:
        # A copy of something published is no link, so it cannot be replaced in one step.
        theirs.rename(output)
        (output / folders.MARK).write_text("{}")
    before = files_of(output.parent), siblings_of(output)

    with pytest.raises(FolderRefused, match=str(output)):
        publish(output, at=at)

    assert (files_of(output.parent), siblings_of(output)) == before


def test_a_folder_that_cannot_be_written_is_refused(figures, tmp_path, at):
    (tmp_path / "file").write_text("")

    with pytest.raises(FolderRefused, match="cannot be written"):
        publish(tmp_path / "file" / "www", at=at)


def test_a_failure_leaves_the_old_content(published, at):
    before = files_of(published)

    def half(folder):
        (folder / "index.html").write_text("half")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        folders.swap_in(published, half)
    assert files_of(published) == before

    publish(published, at=at)
    assert len(siblings_of(published)) == 2


def _killed_after(steps, output, content):
    """Swap `content` in, in a process of its own that dies, like by SIGKILL, at its `steps`th touch of the disk."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    left = steps

    def die(event, args):
        nonlocal left
        if event in touches and str(output.parent) in str(args):
            left -= 1
            if left < 0:
                os._exit(9)

    touches = {
        "open",
        "os.mkdir",
        "os.chmod",
        "os.symlink",
        "os.rename",
        "os.rmdir",
        "os.remove",
        "tempfile.mkdtemp",
        "shutil.rmtree",
    }
    try:
        sys.addaudithook(die)
        folders.swap_in(output, lambda folder: _write(folder, content))
    finally:
        os._exit(0)


def _write(folder, content):
    (folder / "fi").mkdir()
    for name in ("index.html", "fi/index.html"):
        (folder / name).write_text(content)


def test_killed_at_any_step_the_old_or_the_new_content_stands(tmp_path):
    output = tmp_path / "www"
    steps = 0
    while True:
        folders.swap_in(output, lambda folder: _write(folder, "old"))
        was_killed = _killed_after(steps, output, "new")

        found = files_of(output)
        assert set(found) == {"index.html", "fi/index.html", folders.MARK}
        assert len({found["index.html"], found["fi/index.html"]}) == 1
        if not was_killed:
            break
        steps += 1

    assert steps > 10
    assert found["index.html"] == b"new"
    # What the killed ones left has been cleared away.
    assert len(siblings_of(output)) == 2


def test_killed_at_the_first_publication_nothing_or_all_stands(tmp_path):
    for steps in range(8):
        output = tmp_path / str(steps) / "www"
        output.mkdir(parents=True)
        _killed_after(steps, output, "new")

        folders.swap_in(output, lambda folder: _write(folder, "next"))
        assert (output / "index.html").read_text() == "next"
        assert len(siblings_of(output)) == 2


def test_it_is_due_when_there_is_something_new_or_a_day_has_passed(at, output, settings, answered, measure):
    settings.PUBLISHED_DIR = output
    assert is_due(at=at)

    publish(output, at=at)
    assert not is_due(at=at + timedelta(hours=5))
    assert is_due(at=at + timedelta(days=1))

    Measure.objects.filter(pk=measure.pk).update(title="Toinen otsikko")
    assert is_due(at=at)
    publish(output, at=at)
    assert not is_due(at=at)

    answered.add("koti", "thl-2/nps", {"10": 12})
    answered.close(on=at + timedelta(days=1))
    assert is_due(at=at)


def test_without_an_organisation_there_is_nothing_to_publish(db, output, at):
    assert publish(output, at=at) == 0
    assert not output.exists()


def test_the_command_says_what_it_did(figures, output, capsys):
    assert command.run(argparse.Namespace(output=output)) == 0
    assert capsys.readouterr().out == f"18 pages in {output}.\n"


def test_the_command_refuses_in_one_sentence(figures, tmp_path):
    (tmp_path / "photo.jpg").write_bytes(b"mine")

    with pytest.raises(Refused, match="holds files that this program did not write"):
        command.run(argparse.Namespace(output=tmp_path))


def test_the_number_of_queries_a_unit_stays_small(more_units, output, at, django_assert_max_num_queries):
    with django_assert_max_num_queries(26 * 3 + 20):
        publish(output, at=at)


def test_the_path_may_be_relative(figures, tmp_path, monkeypatch, at):
    monkeypatch.chdir(tmp_path)

    publish(Path("www"), at=at)
    publish(Path("www"), at=at)

    assert (tmp_path / "www" / "index.html").is_file()
