"""The embedded database: a real PostgreSQL in the data folder."""

import contextlib
import fcntl
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import dj_database_url
import psycopg
import pytest

from palauteketju.project import postgres_binaries, postgres_server
from palauteketju.project.database import DatabaseUnavailable, database_for, start

FAST = {"fsync": "off", "shared_buffers": "8MB"}
STARTS = (
    "import sys, pathlib; from palauteketju.project.database import start;"
    f"start(pathlib.Path(sys.argv[1]), settings={FAST})"
)
SERVERS = [*postgres_binaries._system_folders(), *postgres_binaries._wheel_folders()]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A finished database folder, to copy: making one takes most of a test's time."""
    data = tmp_path_factory.mktemp("made")
    start(data, settings=FAST).stop()
    return data


@pytest.fixture
def data(tmp_path, made):
    data = tmp_path / "a data folder"
    shutil.copytree(made, data, symlinks=True)
    yield data
    end(data)


@pytest.fixture
def new_data(tmp_path):
    data = tmp_path / "new"
    yield data
    end(data)


def end(data):
    """Stop what a failed test left running."""
    server = postgres_server.Server(data.resolve())
    if server.postmaster():
        server.stop()


def write(database, text):
    with psycopg.connect(database.url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS note (text text)")
        connection.execute("INSERT INTO note VALUES (%s)", [text])


def read(database):
    with psycopg.connect(database.url) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM note")]


def kill(pid):
    """SIGKILL the server and all that belongs to it, as a power cut would."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for process in (pid, *map(int, children)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def wait_until(condition):
    until = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def user_of(data, *, then, tied=False):
    """Another process that uses the database and says so, and `then` goes on."""
    program = (
        "import sys, time, pathlib; from palauteketju.project.database import start;"
        f"database = start(pathlib.Path(sys.argv[1]), tie_to_parent={tied}, settings={FAST});"
        f"print('ready', flush=True); {then}"
    )
    process = subprocess.Popen([sys.executable, "-c", program, data], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("folder", SERVERS, ids=str)
def test_it_works(new_data, monkeypatch, folder):
    monkeypatch.setenv("PALAUTEKETJU_POSTGRES_BIN", str(folder))
    database = start(new_data, settings=FAST)
    write(database, "Hyvää päivää")
    database.stop()
    with pytest.raises(psycopg.OperationalError):
        read(database)

    database = start(new_data, settings=FAST)
    assert read(database) == ["Hyvää päivää"]
    with psycopg.connect(database.url) as connection:
        assert connection.execute("SELECT lower('ÅÄÖ')").fetchone() == ("åäö",)
        assert connection.execute("SHOW data_checksums").fetchone() == ("on",)
    database.stop()


def test_django_understands_the_address(data):
    database = start(data, settings=FAST)
    parsed = dj_database_url.parse(database.url)
    assert parsed["NAME"] == "palauteketju"
    assert parsed["OPTIONS"]["host"] == str(postgres_server.Server(data.resolve()).sockets)
    database.stop()


def test_only_its_account_may_enter_and_no_network_reaches_it(data):
    database = start(data, settings=FAST)
    assert stat.S_IMODE((data / "postgres").stat().st_mode) == 0o700
    with psycopg.connect(database.url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    database.stop()


def test_what_people_wrote_stays_out_of_the_log(data):
    database = start(data, settings=FAST)
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE secret (text text CHECK (length(text) < 5))")
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute("INSERT INTO secret VALUES ('Hoitaja Virtanen')")
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            connection.execute("SELECT %s::int", ["Hoitaja Virtanen"])
    database.stop()
    assert "Virtanen" not in (data / "log" / "postgres.log").read_text()


def test_a_killed_server_keeps_what_was_written(data):
    database = start(data, settings=FAST)
    write(database, "kept")
    kill(postgres_server.Server(data.resolve()).postmaster())
    database.stop()

    database = start(data, settings=FAST)
    assert read(database) == ["kept"]
    database.stop()


def test_a_start_outlasts_what_a_killed_server_leaves_behind(data):
    database = start(data, settings=FAST)
    with psycopg.connect(database.url) as connection:
        connection.execute("CREATE TABLE held (id int)")
        connection.commit()
        pid = postgres_server.Server(data.resolve()).postmaster()
        os.kill(pid, signal.SIGKILL)
        again = start(data, settings=FAST)
    with psycopg.connect(again.url) as connection:
        assert connection.execute("SELECT count(*) FROM held").fetchone() == (0,)
    # The last to leave stops the new server, though the one it started is long gone.
    again.stop()
    database.stop()
    assert not postgres_server.Server(data.resolve()).postmaster()


def test_a_living_process_with_the_old_number_does_not_stand_in_the_way(data):
    uid, gid = owner_of(data / "postgres")
    pid_file = data / "postgres" / "postmaster.pid"
    # Of the server's own account: PostgreSQL itself only looks past those of others.
    with subprocess.Popen(["sleep", "60"], user=uid, group=gid) as stranger:
        pid_file.write_text(f"{stranger.pid}\n{data / 'postgres'}\n")
        shutil.chown(pid_file, uid, gid)
        database = start(data, settings=FAST)
        assert postgres_server.Server(data.resolve()).is_answering()
        database.stop()
        # It was not taken for the server and ended with it.
        assert stranger.poll() is None
        stranger.kill()


def test_a_pid_file_cut_off_by_a_full_disk_does_not_stand_in_the_way(data):
    (data / "postgres" / "postmaster.pid").touch()
    database = start(data, settings=FAST)
    assert postgres_server.Server(data.resolve()).is_answering()
    database.stop()


def owner_of(path):
    return path.stat().st_uid, path.stat().st_gid


def test_the_last_of_two_users_stops_it(data):
    first = start(data, settings=FAST)
    second = user_of(data, then="time.sleep(60)")
    write(first, "shared")
    first.stop()
    assert postgres_server.Server(data.resolve()).is_answering()
    first.stop()

    with second:
        second.kill()
    # A killed user holds nothing: the next one finds the server, joins it and, as the last, stops it.
    joined = start(data)
    assert read(joined) == ["shared"]
    joined.stop()
    assert not postgres_server.Server(data.resolve()).postmaster()


def test_a_user_that_only_ends_has_left_too(data):
    with user_of(data, then="pass"):
        pass
    assert not postgres_server.Server(data.resolve()).postmaster()


def test_a_tied_server_ends_with_its_killed_parent(data):
    with user_of(data, then="time.sleep(60)", tied=True) as parent:
        pid = postgres_server.Server(data.resolve()).postmaster()
        assert pid
        parent.kill()
    wait_until(lambda: not Path(f"/proc/{pid}").exists())
    assert not (data / "postgres" / "postmaster.pid").exists()


def test_two_that_start_at_once_share_one_server(data):
    processes = [subprocess.Popen([sys.executable, "-c", STARTS, data]) for _ in range(3)]
    assert [process.wait(timeout=30) for process in processes] == [0, 0, 0]
    assert not postgres_server.Server(data.resolve()).postmaster()


def test_an_interrupted_making_is_made_anew(new_data):
    (new_data / "postgres.new" / "base").mkdir(parents=True)
    (new_data / "postgres.new" / "PG_VERSION").write_text("15\n")
    start(new_data, settings=FAST).stop()
    assert not (new_data / "postgres.new").exists()


def test_a_start_waits_for_the_initdb_of_a_killed_parent(new_data):
    with subprocess.Popen([sys.executable, "-c", STARTS, new_data]) as process:
        wait_until((new_data / "postgres.new").exists)
        process.kill()
    database = start(new_data, settings=FAST)
    write(database, "in one piece")
    assert read(database) == ["in one piece"]
    assert not (new_data / "postgres.new").exists()
    database.stop()


def test_a_path_too_long_for_a_socket_works(tmp_path, made):
    data = tmp_path.joinpath(*["a-long-name"] * 9)
    shutil.copytree(made, data)
    database = start(data, settings=FAST)
    write(database, "far down")
    assert read(database) == ["far down"]
    sockets = postgres_server.Server(data.resolve()).sockets
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    database.stop()
    assert not sockets.exists()


def test_somebody_elses_socket_folder_is_refused(tmp_path, made, monkeypatch):
    data = tmp_path.joinpath(*["a-long-name"] * 9)
    shutil.copytree(made, data)
    sockets = postgres_server.Server(data.resolve()).sockets
    sockets.mkdir(mode=0o755)
    try:
        with pytest.raises(DatabaseUnavailable, match="is not a private folder"):
            start(data)
    finally:
        sockets.rmdir()


def test_a_file_is_no_data_folder(tmp_path):
    (tmp_path / "file").touch()
    for data in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(DatabaseUnavailable, match="is a file: choose another one"):
            start(data)


def test_a_folder_that_may_not_be_written_is_refused():
    # Not even root can make a folder there.
    with pytest.raises(DatabaseUnavailable, match="choose another"):
        start(Path("/sys/palauteketju"))


def test_another_major_version_is_refused(data):
    (data / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(DatabaseUnavailable, match=r"made by PostgreSQL 9, .*: install PostgreSQL 9"):
        start(data)


def test_a_folder_of_something_else_is_left_alone(new_data):
    (new_data / "postgres").mkdir(parents=True)
    (new_data / "postgres" / "thesis.txt").write_text("mine")
    with pytest.raises(DatabaseUnavailable, match="something other than a database"):
        start(new_data)
    assert (new_data / "postgres" / "thesis.txt").read_text() == "mine"


def test_a_server_that_cannot_start_says_why(data):
    with pytest.raises(DatabaseUnavailable, match="shared_buffers"):
        start(data, settings={"shared_buffers": "nonsense"})


def test_a_folder_without_programs_is_refused(new_data, tmp_path, monkeypatch):
    monkeypatch.setenv("PALAUTEKETJU_POSTGRES_BIN", str(tmp_path))
    with pytest.raises(DatabaseUnavailable, match="there are no initdb and postgres"):
        start(new_data)


def test_a_full_disk_is_named():
    output = "initdb: error: could not write: No space left on device\ninitdb: removing data directory"
    assert postgres_server._why(output, Path("/data")).startswith("The disk is full")


def test_the_lock_is_waited_for(data, monkeypatch):
    monkeypatch.setattr("palauteketju.project.database.SECONDS_TO_WAIT_FOR_ANOTHER_START", 0.1)
    with (data / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(DatabaseUnavailable, match="Another process has been starting or stopping"):
            start(data)


def test_the_command_line_prefers_the_operators_database(new_data, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/county")
    with database_for(new_data) as url:
        assert url == "postgresql://db.example/county"
    assert not new_data.exists()


def test_the_command_line_has_the_embedded_one_otherwise(data, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with database_for(data) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT current_database()").fetchone() == ("palauteketju",)
    assert not postgres_server.Server(data.resolve()).postmaster()
