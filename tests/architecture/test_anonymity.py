"""Every selector that counts people is known here, with whom it tells; others than the library get 5 or nothing."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
LIBRARY, OPERATOR = "the library itself", "operators, who decide"
WITHIN, GUARDED = "functions of its module alone", "others, by kernel.anonymity"
# What reads the log's patrons, or counts of them, and answers somebody.
READERS = {
    "catalog/usage/selectors.py": {
        "count_library_use": LIBRARY,
        "count_library_days": LIBRARY,
        "count_resource_use": GUARDED,
        "_use_of": WITHIN,
    },
    "subscriptions/libraries/selectors.py": {"list_libraries": OPERATOR},  # members, not what they did
    "royalties/statements/display.py": {"rows_of": GUARDED, "_hide_small": GUARDED, "_patrons": WITHIN},
    "royalties/screening/selectors.py": {"get_case": OPERATOR},
}
COUNTS = {"patrons", "patron", "audience"}
PLACES = [
    "catalog/*/selectors.py",
    "subscriptions/*/selectors.py",
    "royalties/*/selectors.py",
    "royalties/*/display.py",
]


def mentions_people(function: ast.FunctionDef) -> bool:
    """Tell whether a function names the log's patron column or a count of patrons as data."""
    texts = {node.value for node in ast.walk(function) if isinstance(node, ast.Constant)}
    return bool(COUNTS & {text for text in texts if isinstance(text, str)})


def guarded(function: ast.FunctionDef) -> bool:
    names = {
        node.value.id
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    return "anonymity" in names


def functions_of(path: Path) -> list[ast.FunctionDef]:
    tree = ast.parse(path.read_text("utf-8"))
    return [node for node in tree.body if isinstance(node, ast.FunctionDef)]


def test_the_walk_finds_selectors_at_all() -> None:
    assert len([path for place in PLACES for path in PROJECT.glob(place)]) > 8


@pytest.mark.parametrize("place", PLACES)
def test_whoever_counts_people_is_known_here(place: str) -> None:
    unknown = [
        f"{name}: {function.name}"
        for path in PROJECT.glob(place)
        for name in [path.relative_to(PROJECT).as_posix()]
        for function in functions_of(path)
        if mentions_people(function) and not guarded(function) and function.name not in READERS.get(name, {})
    ]
    assert unknown == [], "say in READERS whom it tells, or ask kernel.anonymity"


@pytest.mark.parametrize(
    ("name", "function"),
    [
        (name, function)
        for name, found in READERS.items()
        for function, who in found.items()
        if who == GUARDED
    ],
)
def test_what_others_read_is_guarded(name: str, function: str) -> None:
    [found] = [one for one in functions_of(PROJECT / name) if one.name == function]
    assert guarded(found)
