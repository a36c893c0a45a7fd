"""What every page knows: the reader's theme, and the library whose colours it wears."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from mediaplatform.kernel.territories import REGION

THEME_COOKIE = "theme"
THEMES = ("light", "dark")
MEDIA = ("music", "book", "video", "game")


@dataclass(frozen=True, slots=True)
class Page:
    """Read by the shells as `page`. `theme`: light, dark, or empty to follow the system.

    The library's name and addresses are empty outside its patron pages; `look_url` is its stylesheet. `media`: what
    it gives, in the masthead's order. `has_place`: it lies in a region, so that something can be from here.
    """

    theme: str
    library_name: str
    look_url: str
    leave_url: str
    profiles_url: str
    is_youth: bool
    is_patron: bool
    media: tuple[str, ...] = ()
    has_place: bool = False


def page(request: HttpRequest) -> dict[str, Page]:
    """Give the shells their `page`; a patron is known by `request.audience` (subscriptions' middleware)."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    audience = getattr(request, "audience", None)
    return {
        "page": Page(
            theme=theme if theme in THEMES else "",
            library_name=audience.library_name if audience else "",
            look_url=f"/l/{audience.library_slug}/look.css" if audience else "",
            leave_url=f"/l/{audience.library_slug}/leave/" if audience else "",
            profiles_url="/profiles/" if audience else "",
            is_youth=bool(audience and audience.is_youth),
            is_patron=audience is not None,
            media=tuple(medium for medium in MEDIA if audience and medium in audience.media),
            has_place=bool(audience and audience.place.code(REGION)),
        )
    }
