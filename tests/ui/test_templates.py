"""House rules of every template: nothing inline, icons that exist, components that say what they take."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("mediaplatform", "catalog", "subscriptions", "royalties")
SPRITE = ROOT / "mediaplatform" / "player" / "scripts" / "assets.mjs"
INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script without src": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "htmx code": re.compile(r"\bhx-on|\bhx-vals=['\"]js:", re.IGNORECASE),
}


TEMPLATES = [path for package in PACKAGES for path in sorted((ROOT / package).glob("**/templates/**/*.html"))]


def test_there_are_templates_to_look_at() -> None:
    assert len(TEMPLATES) > 40


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_inline(path: Path) -> None:
    text = path.read_text("utf-8")
    assert [what for what, form in INLINE.items() if form.search(text)] == []


@pytest.mark.parametrize(
    "path", sorted((ROOT / "mediaplatform/ui/templates/ui").glob("*.html")), ids=lambda path: path.name
)
def test_a_component_says_in_its_first_comment_what_it_takes(path: Path) -> None:
    before, found, _after = path.read_text("utf-8").partition("{% comment %}")
    assert found
    assert re.fullmatch(r"(\s|\{% (extends|load) [^%]*%\})*", before)


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    script = SPRITE.read_text("utf-8")
    in_sprite = set(script.partition("const icons = `")[2].partition("`")[0].split())
    named = re.compile(r"""\{%\s*icon\s+"([a-z0-9-]+)"|\bicon="([a-z0-9-]+)\"""")
    used = {a or b for path in TEMPLATES for a, b in named.findall(path.read_text("utf-8"))}
    assert used - in_sprite == set()
