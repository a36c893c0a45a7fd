"""The folder of an embedded installation, and the lines that say what is in the way."""

from __future__ import annotations

import json
import os
import platform
import shutil
import socket
from collections import namedtuple
from pathlib import Path

import pytest

from mediaplatform.env import Environment
from mediaplatform.infrastructure.embedded import __main__ as command_line
from mediaplatform.infrastructure.embedded import processes
from mediaplatform.infrastructure.embedded.keyring import KEY_BYTES, keep_secrets
from mediaplatform.infrastructure.embedded.place import Place
from mediaplatform.infrastructure.embedded.processes import EmbeddedProblem

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(var=tmp_path, port=processes.free_ports(2)[0])


def test_a_good_place_has_no_objection(place: Place) -> None:
    place.check()


@pytest.mark.parametrize(("offset", "what"), [(0, "the pages"), (1, "the games")])
def test_a_taken_port_is_named_with_the_way_out(place: Place, offset: int, what: str) -> None:
    with socket.create_server(("127.0.0.1", place.port + offset)), pytest.raises(EmbeddedProblem) as problem:
        place.check()
    assert str(problem.value) == (
        f"Port {place.port + offset}, which {what} need, is taken by another program: "
        f"choose another one, for example make run PORT={place.port + 100}"
    )


def test_a_full_disk_is_named(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10, 10, 1024**3))
    with pytest.raises(
        EmbeddedProblem, match=r"Only 1\.0 GB are free on the disk of .*, 2 GB are needed: make room"
    ):
        place.check()


def test_an_unsupported_platform_is_named(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "system", lambda: "SunOS")
    with pytest.raises(EmbeddedProblem, match=r"SunOS .* is not supported: use Linux or macOS"):
        place.check()


def test_a_second_run_in_the_same_folder_is_refused(place: Place) -> None:
    expected = rf"running already \(process {os.getpid()}\): stop that one"
    with place.lock(), pytest.raises(EmbeddedProblem, match=expected), place.lock():
        pytest.fail("two held the lock")


def test_the_lock_can_be_had_again(place: Place) -> None:
    with place.lock():
        pass
    with place.lock():
        pass


def test_a_long_path_gets_short_sockets(tmp_path: Path) -> None:
    far = Place(var=tmp_path / ("long" * 30), port=8000)
    assert not far.sockets.is_relative_to(far.var)
    assert len(str(far.sockets / "postgres" / ".s.PGSQL.5432.lock")) < 108
    assert far.sockets == Place(var=tmp_path / ("long" * 30), port=9000).sockets


def test_secrets_are_made_once_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    made = keep_secrets(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert keep_secrets(path) == made
    assert keep_secrets(tmp_path / "other.json") != made


def test_the_secrets_are_what_the_settings_ask_for(tmp_path: Path) -> None:
    environment = Environment(keep_secrets(tmp_path / "secrets.json"))
    environment.secret("SECRET_KEY")
    for name in KEY_BYTES.keys() - {"SECRET_KEY"}:
        environment.key(name, size_bytes=32)
    environment.check()


def test_a_key_that_came_later_is_added_to_the_kept_ones(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_text(json.dumps({"SECRET_KEY": "kept"}))
    assert keep_secrets(path)["SECRET_KEY"] == "kept"
    assert json.loads(path.read_text()).keys() == KEY_BYTES.keys()


@pytest.mark.parametrize("content", ["", "[1]", '{"SECRET_KEY": 1}', '{"SECRET'])
def test_a_damaged_file_of_secrets_is_not_overwritten(tmp_path: Path, content: str) -> None:
    path = tmp_path / "secrets.json"
    path.write_text(content)
    with pytest.raises(EmbeddedProblem, match="damaged"):
        keep_secrets(path)
    assert path.read_text() == content


@pytest.mark.parametrize("port", ["web", "80", "65535", "-1"])
def test_a_port_that_is_none_is_refused(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(EmbeddedProblem, match=f"PORT is '{port}': write a number from 1024 to 65534"):
        command_line.find_place()


def test_an_unknown_command_shows_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["walk"]) == 1
    assert "run | manage COMMAND" in capsys.readouterr().out
