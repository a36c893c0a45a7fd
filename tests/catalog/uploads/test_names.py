"""Paths of uploaded files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.uploads import limits, names
from mediaplatform.infrastructure.objectstore import check_key


@pytest.mark.parametrize("path", ["a.wav", "Disque 1/01 Été.wav", "a/b/c/d", "a..b", "…", "x" * 240])
def test_a_plain_path_is_taken(path: str) -> None:
    assert names.fault_of(path) == ""


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("", "path_refused"),
        ("..", "path_refused"),
        ("a/../b", "path_refused"),
        ("./a", "path_refused"),
        ("/etc/passwd", "path_refused"),
        ("a//b", "path_refused"),
        ("a/", "path_refused"),
        ("C:/a", "path_refused"),
        ("a\\b", "path_refused"),
        ("a\0b", "path_refused"),
        ("a\nb", "path_refused"),
        ("a\u202eb", "path_refused"),
        ("x" * 241, "path_too_long"),
        ("/".join(["é" * 100] * 5), "path_too_long"),
        ("/".join("abcdefghijklm"), "path_too_deep"),
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(path: str, code: str) -> None:
    assert names.fault_of(path) == code


@given(st.text(max_size=40))
def test_what_is_taken_is_a_key_of_every_store(path: str) -> None:
    if not names.fault_of(path):
        assert check_key(f"uploads/{'0' * 36}/{path}")


def test_accents_are_composed() -> None:
    assert names.plain_path("e\u0301te\u0301") == "été"


def test_a_file_and_a_folder_of_one_name_are_found() -> None:
    assert names.hidden_by_another(["a", "b", "a/x", "b.x/y", "c/d", "c/d/e"]) == {"a", "c/d"}


@pytest.mark.parametrize(
    ("path", "is_litter"),
    [(".DS_Store", True), ("x/Thumbs.db", True), ("__MACOSX/a", True), ("x/._a", True), ("a.wav", False)],
)
def test_what_systems_leave_behind_is_known(path: str, is_litter: bool) -> None:
    assert names.is_litter(path) == is_litter


@pytest.mark.parametrize(
    ("size_bytes", "part_mib"), [(1, 8), (80 * 2**30, 9), (100_000_000_000, 10), (60_000_000_000, 8)]
)
def test_parts_grow_with_the_file(size_bytes: int, part_mib: int) -> None:
    assert limits.part_bytes_of(size_bytes) == part_mib * limits.MIB
    assert -(-size_bytes // limits.part_bytes_of(size_bytes)) <= limits.MAX_PARTS
