"""Small audiences are merged for display; the money stays whole."""

from __future__ import annotations

from royalties.statements.display import rows_of
from royalties.statements.lines import Line


def line(*, envelope: str = "usage", amount: int, patrons: int, library: int = 1, title: str = "") -> Line:
    return Line(
        payee_id=9,
        envelope=envelope,
        amount_micros=amount,
        formula={"patrons": patrons},
        library_id=library,
        library_name=f"Library {library}",
        resource_title=title,
    )


HEARD_BY_NINE = line(envelope="diversity", amount=7, patrons=9)


def test_a_work_with_five_patrons_is_shown_by_name() -> None:
    rows = rows_of([line(amount=10, patrons=5, title="Tide"), HEARD_BY_NINE])
    assert [(row.resource_title, row.merged) for row in rows] == [("Tide", 0), ("", 0)]


def test_a_single_small_work_takes_the_next_smallest_with_it() -> None:
    lines = [
        line(amount=10, patrons=4, title="Tide"),
        line(amount=20, patrons=6, title="Ebb"),
        line(amount=30, patrons=9, title="Flow"),
        HEARD_BY_NINE,
    ]
    usage = [row for row in rows_of(lines) if row.envelope == "usage"]
    assert [(row.resource_title, row.amount_micros, row.merged) for row in usage] == [
        ("", 30, 2),
        ("Flow", 30, 0),
    ]


def test_what_is_pooled_over_all_libraries_hides_nobody() -> None:
    pooled = Line(payee_id=9, envelope="catalogue", amount_micros=5, formula={"releases": 1})
    assert [row.merged for row in rows_of([pooled])] == [0]


def test_works_with_few_patrons_become_one_row_of_their_library() -> None:
    lines = [
        line(amount=10, patrons=4, title="Tide"),
        line(amount=3, patrons=1, title="Ebb"),
        line(envelope="diversity", amount=7, patrons=5),
    ]
    usage = [row for row in rows_of(lines) if row.envelope == "usage"]
    assert [(row.library_name, row.resource_title, row.amount_micros, row.merged) for row in usage] == [
        ("Library 1", "", 13, 2)
    ]


def test_a_library_with_few_patrons_is_not_named() -> None:
    lines = [
        line(amount=10, patrons=2, title="Tide"),
        line(envelope="diversity", amount=7, patrons=2),
        line(amount=4, patrons=1, library=2),
        line(envelope="diversity", amount=1, patrons=1, library=2),
    ]
    rows = rows_of(lines)
    assert [(row.envelope, row.library_name, row.amount_micros) for row in rows] == [
        ("usage", "", 14),
        ("diversity", "", 8),
    ]
    assert sum(row.amount_micros for row in rows) == sum(each.amount_micros for each in lines)
