"""What is read piece by piece says the same as what is read whole, and holds no more than a piece."""

from __future__ import annotations

import io
import json
from itertools import islice
from pathlib import Path

import pytest

from bench.ingest_messages import write_ern
from catalog.ingest.ern import lists
from catalog.ingest.ern import message as ern
from catalog.ingest.faults import Fault, Faults
from catalog.ingest.json_pieces import LARGEST, NotJson, Pieces
from catalog.ingest.rows import Sheets
from catalog.ingest.spool import Listed, Rows, Spool
from catalog.ingest.xml_files import find_roots, iterate_members
from mediaplatform.infrastructure.said import parts_of, say


def read_ern(folder: Path) -> tuple[list[object], list[Fault]]:
    """Return the rows of a folder's message, and what is wrong with it."""
    sheets, faults = Sheets(), Faults()
    for path, root in find_roots(folder):
        ern.read_message(path, root, folder=folder, sheets=sheets, faults=faults)
    tables = (sheets.releases, sheets.resources, sheets.parties)
    return [row for table in tables for row in table.values()], list(faults.found)


def test_a_large_message_is_read_as_a_small_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_ern(tmp_path, 5, "Deux rives")
    message = tmp_path / "000000.xml"
    text = message.read_text().replace("<ReleaseReference>R3<", "<ReleaseReference>R9<")
    text = text.replace("A1T4</ResourceReference>", "A1T4x</ResourceReference>").replace(
        "P2</Rel", "P7</Rel", 1
    )
    message.write_text(text.replace("FRZ1104000", "FRZ1104!00"))
    whole = read_ern(tmp_path)
    monkeypatch.setattr(lists, "LARGE_BYTES", 0)
    pieces = read_ern(tmp_path)
    assert pieces == whole
    assert {fault.code for fault in whole[1]} == {"dangling_reference", "bad_isrc", "no_deal"}
    assert "/NewReleaseMessage/ReleaseList/Release[1]/ReleaseLabelReference" in {f.column for f in whole[1]}


def test_of_a_message_that_is_read_piece_by_piece_two_elements_are_there(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(f"<Root>{'<One>1</One><Other/>' * 500}</Root>")
    seen = [
        (member.before, len(member.element.getparent()))
        for member in iterate_members(tmp_path / "a.xml", names=("One", "Other"))
    ]
    assert [before for before, _there in seen] == [number for number in range(500) for _twice in range(2)]
    assert max(there for _before, there in seen) < 1_001
    assert seen[-1] == (499, 2)


def test_json_is_read_value_by_value_with_its_lines() -> None:
    rows = [{"word": "é" * 1_000, "number": number} for number in range(300)]
    pieces = Pieces(io.StringIO(json.dumps(rows, indent=1)))
    pieces.take("[")
    found = []
    for number in range(300):
        if number:
            pieces.take(",")
        pieces.peek()
        found.append((pieces.line, pieces.value()))
    assert found == [(2 + 4 * number, row) for number, row in enumerate(rows)]
    pieces.take("]")
    assert pieces.peek() == ""


@pytest.mark.parametrize("text", ['{"a": }', "[1, 2", '"' + "x" * 2 * LARGEST])
def test_json_that_is_broken_or_one_large_value_is_refused(text: str) -> None:
    with pytest.raises(NotJson):
        Pieces(io.StringIO(text)).value()


def test_rows_on_disk_are_a_dictionary_in_order() -> None:
    rows: Rows[tuple[str, int]] = Rows(Spool(), owner=lambda value: value[0])
    for number in range(2_500):
        rows[f"k{number}"] = ("even" if number % 2 == 0 else "odd", number)
    rows["k1"] = ("odd", -1)
    assert not rows.put_new("k2", ("odd", 0))
    assert (len(rows), rows["k1"], rows.get("\ud800"), "k2500" in rows) == (2_500, ("odd", -1), None, False)
    assert [number for _owner, number in islice(rows.values(), 4)] == [0, -1, 2, 3]
    assert (rows.count_of("even"), rows.of("odd")[:2]) == (1_250, [("odd", -1), ("odd", 3)])
    rows.drop_of("odd")
    assert [owner for owner, _values in rows.by_owner()] == ["even"]


def test_a_list_on_disk_keeps_its_order_and_what_words_mean() -> None:
    faults: Listed[Fault] = Listed()
    for number in range(2_345):
        message = say("At most %(limit)d characters fit here.") % {"limit": number}
        faults.append(Fault("a.csv", number, "", "too_long", message))
    assert [fault.row for fault in faults] == list(range(len(faults)))
    assert parts_of(next(iter(faults)).message) == ("At most %(limit)d characters fit here.", {"limit": 0})
