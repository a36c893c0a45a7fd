"""Which recipe a resource is packaged by."""

from __future__ import annotations

from catalog.packaging import comic_book, game_bundle, hls_audio, hls_video, pdf_book, web_book
from catalog.packaging.recipe import Recipe

OF_MEDIUM: dict[str, Recipe] = {
    "music": hls_audio.RECIPE,
    "video": hls_video.RECIPE,
    "book": web_book.RECIPE,
    "game": game_bundle.RECIPE,
}
OF_TYPE: dict[tuple[str, str], Recipe] = {
    ("book", "application/pdf"): pdf_book.RECIPE,
    ("book", "application/vnd.comicbook+zip"): comic_book.RECIPE,
}
BY_NAME: dict[str, Recipe] = {recipe.name: recipe for recipe in (*OF_MEDIUM.values(), *OF_TYPE.values())}


def recipe_for(*, medium: str, content_type: str) -> Recipe:
    """Return the present recipe for an original of a medium."""
    return OF_TYPE.get((medium, content_type)) or OF_MEDIUM[medium]
