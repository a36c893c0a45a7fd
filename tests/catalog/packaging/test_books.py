"""What books say of themselves, and what EPUBCheck says of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytest_django import Settings

from catalog.packaging import epub_check, web_book
from catalog.packaging.faults import PackageFault
from catalog.packaging.recipe import Material
from tests.factories.catalog import OPF, PAGE, write_epub

NCX = (
    '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>Un</text></navLabel>'
    '<content src="one.xhtml"/><navPoint><navLabel><text>Un bis</text></navLabel><content src="one.xhtml#b"/>'
    '</navPoint></navPoint></navMap><pageList><pageTarget type="normal" value="12"><navLabel><text>12</text>'
    '</navLabel><content src="one.xhtml#p12"/></pageTarget></pageList></ncx>'
)
NAV_WITH_PAGES = (
    '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>'
    '<nav epub:type="toc"><ol><li><span>Partie</span><ol><li><a href="one.xhtml">Un</a></li></ol></li></ol></nav>'
    '<nav epub:type="page-list" hidden=""><ol><li><a href="one.xhtml#p1">1</a></li></ol></nav></body></html>'
)
EPUB2 = OPF.replace('version="3.0"', 'version="2.0"').replace(
    '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>',
    '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>',
).replace("<spine>", '<spine toc="ncx" page-progression-direction="rtl">').replace(
    '<meta property="schema:accessMode">textual</meta>',
    '<meta name="schema:accessMode" content="visual"/><meta name="schema:accessibilityHazard" content="none"/>'
    '<meta name="schema:url" content="x"/><meta name="cover" content="cover"/>',
)  # fmt: skip


def quiet(_part: float) -> None:
    """Nobody looks."""


def build(tmp_path: Path, **entries: str) -> tuple[dict[str, object], dict[str, object]]:
    place = tmp_path / "package"
    place.mkdir()
    extra = {f"OEBPS/{name.replace('__', '.')}": text for name, text in entries.items()}
    built = web_book.build(Material(write_epub(tmp_path / "a.epub", extra=extra)), place, quiet)
    return json.loads((place / "manifest.json").read_text()), dict(built.facts)


@pytest.fixture(autouse=True)
def unchecked(settings: Settings) -> None:
    settings.EPUB_CHECK = "off"


def test_an_epub_2_has_contents_pages_direction_and_accessibility(tmp_path: Path) -> None:
    manifest, facts = build(tmp_path, book__opf=EPUB2, toc__ncx=NCX)
    assert manifest["toc"] == [
        {
            "title": "Un",
            "href": "OEBPS/one.xhtml",
            "children": [{"title": "Un bis", "href": "OEBPS/one.xhtml#b"}],
        }
    ]
    assert manifest["pageList"] == [{"title": "12", "href": "OEBPS/one.xhtml#p12"}]
    assert manifest["metadata"]["readingProgression"] == "rtl"  # type: ignore[index]
    assert facts["accessibility"] == {"accessMode": ["visual"], "accessibilityHazard": ["none"]}


def test_an_epub_3_has_nested_contents_and_the_pages_of_print(tmp_path: Path) -> None:
    manifest, facts = build(tmp_path, nav__xhtml=NAV_WITH_PAGES)
    assert manifest["toc"] == [{"title": "Partie", "children": [{"title": "Un", "href": "OEBPS/one.xhtml"}]}]
    assert (manifest["pageList"], facts["pages"]) == ([{"title": "1", "href": "OEBPS/one.xhtml#p1"}], 1)


def test_epubcheck_names_file_and_line(tmp_path: Path, settings: Settings) -> None:
    settings.EPUB_CHECK = "note"
    page = PAGE.replace("<body>", "<body>\n<blink>x</blink>\n")
    _manifest, facts = build(tmp_path, one__xhtml=page)
    report = facts["epubcheck"]
    assert isinstance(report, dict), "there is no Node: see EPUB_CHECK in docs/operations.md"
    found = [one for one in report["messages"] if "blink" in one["message"]]
    assert (found[0]["file"], found[0]["line"], found[0]["level"]) == ("OEBPS/one.xhtml", 2, "error")
    assert report["error"] >= 1


def test_a_house_may_refuse_books_with_errors(tmp_path: Path, settings: Settings) -> None:
    settings.EPUB_CHECK = "refuse"
    with pytest.raises(PackageFault) as fault:
        build(tmp_path, one__xhtml=PAGE.replace("<body>", "<body>\n<blink>x</blink>"))
    assert fault.value.code == "epub_invalid"
    assert "OEBPS/one.xhtml" in fault.value.detail


def test_without_node_nothing_is_claimed(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EPUB_CHECK = "refuse"
    monkeypatch.setattr(epub_check, "find_node", lambda: None)
    _manifest, facts = build(tmp_path)
    assert facts["epubcheck"] is None
