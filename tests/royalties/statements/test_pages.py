"""A statement laid out: every block adds up, and a large catalogue stays readable."""

from __future__ import annotations

from datetime import UTC, datetime

from mediaplatform.kernel.periods import Month
from royalties.statements import exports, pages, pdf
from royalties.statements.lines import Line
from royalties.statements.pages import StatementPage, lay_out
from royalties.statements.selectors import PayeeName, StatementHead

FORMULA = {
    "mode": "user_centric",
    "measure": "seconds",
    "envelope": 9_000_000,
    "library_patrons": 9,
    "budget": 1_000_000,
    "patrons": 9,
    "plays": 9,
    "seconds": 900,
    "resource_amount": 5,
    "share_bp": 10_000,
}
DIVERSITY = {"envelope": 7, "patrons": 9, "exponent": "1/2", "weight": 3_000, "all_weights": 3_000}


def page_of(works: int) -> StatementPage:
    usage = [
        Line(
            payee_id=9,
            envelope="usage",
            amount_micros=5,
            formula=FORMULA,
            library_id=1,
            library_name="Library",
            territory_name="Firminy",
            resource_id=number,
            resource_title=f"Track {number}",
            release_title=f"Album {number % 3}",
            medium="music",
        )
        for number in range(works)
    ]
    diversity = Line(9, "diversity", 7, DIVERSITY, library_id=1, territory_name="Firminy")
    head = StatementHead(
        number="2026-10-0001",
        month=Month(2026, 10),
        payee=PayeeName(9, "Dora"),
        total_micros=5 * works + 7,
        issued_at=datetime(2026, 11, 3, tzinfo=UTC),
        run_digest="ab" * 32,
        policy_name="CCT",
    )
    return lay_out(head, [*usage, diversity])


def test_envelopes_towns_and_works_each_make_the_total() -> None:
    page = page_of(4)
    for block in (page.envelopes, page.towns, page.works):
        assert sum(each.amount_micros for each in block) == 27
    assert [(total.name, total.note, total.amount_micros) for total in page.works] == [
        ("Album 0", "Music", 10),
        ("All your works", "Diversity", 7),
        ("Album 1", "Music", 5),
        ("Album 2", "Music", 5),
    ]


def test_the_parts_fill_the_bar() -> None:
    parts = page_of(4).parts
    assert [(part.index, part.x, part.width) for part in parts] == [(1, 0.0, 74.074), (2, 74.074, 25.926)]


def test_a_large_catalogue_is_cut_on_the_page_and_whole_in_the_files() -> None:
    page = page_of(pages.MOST_ROWS + 3)
    usage = page.envelopes[0]
    assert len(usage.top) == pages.MOST_ROWS
    assert usage.rest.startswith("And 3 smaller lines that make €0.000015")
    assert exports.as_csv(page).count(b"\r\n") == 1 + pages.MOST_ROWS + 3 + 1


def test_the_same_page_is_printed_to_the_same_bytes() -> None:
    assert pdf.print_page(page_of(4)) == pdf.print_page(page_of(4))
