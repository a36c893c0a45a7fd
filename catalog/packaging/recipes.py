"""Which recipe a resource is packaged by."""

from __future__ import annotations

from catalog.packaging import game_bundle, hls_audio, hls_video, web_book
from catalog.packaging.recipe import Recipe

BY_MEDIUM: dict[str, Recipe] = {
    "music": hls_audio.RECIPE,
    "video": hls_video.RECIPE,
    "book": web_book.RECIPE,
    "game": game_bundle.RECIPE,
}
BY_NAME: dict[str, Recipe] = {recipe.name: recipe for recipe in BY_MEDIUM.values()}
