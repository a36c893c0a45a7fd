"""Components as template tags. Each one's variables stand in the first comment of its template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

from django import template
from django.core.paginator import Page as PaginatorPage
from django.http import QueryDict
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from mediaplatform.kernel.money import Money
from mediaplatform.ui import charts, figures
from mediaplatform.ui.covers import draw_cover

register = template.Library()
Context = dict[str, Any]


class Card(Protocol):
    """What a tile shows of a work; catalog.works.cards.ReleaseCard is one."""

    @property
    def id(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def artist(self) -> str: ...
    @property
    def medium(self) -> str: ...
    @property
    def cover_url(self) -> str: ...


@register.filter
def money(value: Money | int | None) -> str:
    """`{{ micros|money }}`: cut to the cent."""
    return "" if value is None else figures.format_money(value)


@register.filter
def money_exact(value: Money | int | None) -> str:
    """`{{ micros|money_exact }}`: all six decimals."""
    return "" if value is None else figures.format_money(value, decimals=6)


@register.filter
def whole(value: int | None) -> str:
    """`{{ plays|whole }}`: thousands apart."""
    return "" if value is None else figures.format_number(value)


@register.filter
def share(basis_points: int | None) -> str:
    """`{{ share_bp|share }}`: basis points as per cent."""
    return "" if basis_points is None else figures.format_share(basis_points)


@register.filter
def clock(seconds: int | None) -> str:
    """`{{ duration_s|clock }}`: 3:05."""
    return "" if seconds is None else figures.format_clock(seconds)


@register.filter
def duration(seconds: int | None) -> str:
    """`{{ duration_s|duration }}`: 1 h 15 min."""
    return "" if seconds is None else figures.format_duration(seconds)


@register.simple_tag
def change(now: int, before: int) -> str:
    """`{% change now before %}`: 20 % more."""
    return figures.format_change(now, before)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """`{% icon "play" %}`: from the sprite; without a label it is hidden from screen readers."""
    described = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon icon--{}" {} focusable="false" viewBox="0 0 24 24"><use href="{}#{}"/></svg>',
        name,
        described,
        static("player/icons.svg"),
        name,
    )


@register.inclusion_tag("ui/button.html")
def button(label: str, **options: str) -> Context:
    """`{% button label kind="primary" icon="check" name="act" value="post" %}`."""
    return {"label": label, "kind": "", "type": "submit", **options}


@register.inclusion_tag("ui/link_button.html")
def link_button(label: str, url: str, **options: str) -> Context:
    """`{% link_button label url kind="primary" icon="plus" %}`."""
    return {"label": label, "url": url, "kind": "", **options}


@register.inclusion_tag("ui/cover.html")
def cover(card: Card, large_url: str = "", *, is_lazy: bool = True) -> Context:
    """`{% cover card %}`: the picture, or one drawn from the words."""
    source = large_url or card.cover_url
    drawn = None if source else draw_cover(title=card.title, artist=card.artist, medium=card.medium)
    return {"card": card, "source": source, "drawn": drawn, "is_lazy": is_lazy}


@register.filter
def shape(drawn_shape: str) -> SafeString:
    """Let a shape of a drawn cover through: ui.covers made it of numbers and its own colours alone."""
    return mark_safe(drawn_shape)  # noqa: S308 - never holds a word of the work


@register.inclusion_tag("ui/tile.html")
def tile(card: Card, heading: str = "h3", *, has_place: bool = True, has_kind: bool = False) -> Context:
    """`{% tile card %}`: cover, words, play; with `has_kind`, where media stand mixed, what it is and of when."""
    return {"card": card, "heading": heading, "has_place": has_place, "has_kind": has_kind}


@register.inclusion_tag("ui/shelf.html")
def shelf(title: str, cards: Sequence[Card], **options: str) -> Context:
    """`{% shelf title cards url="/search/" %}`: a row to move along; nothing when there are no cards."""
    return {"title": title, "cards": cards, **options}


@register.inclusion_tag("ui/empty.html")
def empty(title: str, text: str = "", **options: str) -> Context:
    """`{% empty title text url=... action=... %}`: what to do when a list has nothing."""
    return {"title": title, "text": text, **options}


@register.inclusion_tag("ui/message.html")
def message(text: str, level: str = "info") -> Context:
    """`{% message text "success" %}`."""
    icons = {"success": "circle-check", "warning": "triangle-alert", "error": "circle-alert"}
    return {"text": text, "level": level, "icon_name": icons.get(level, "info")}


@register.inclusion_tag("ui/status.html")
def status(label: str, kind: str = "") -> Context:
    """`{% status label "good" %}`: good, warn, bad, busy or nothing."""
    return {"label": label, "kind": kind}


@register.inclusion_tag("ui/progress.html")
def progress(label: str, done: int, total: int = 100, note: str = "") -> Context:
    """`{% progress label done total %}`: true or absent."""
    return {
        "label": label,
        "done": done,
        "total": total,
        "note": note,
        "percent": done * 100 // total if total else 0,
    }


@register.inclusion_tag("ui/stat.html")
def stat(label: str, value: str, before: str = "", *, is_large: bool = False) -> Context:
    """`{% stat label value before %}`: the number that matters, and what it was."""
    return {"label": label, "value": value, "before": before, "is_large": is_large}


@register.inclusion_tag("ui/bar_chart.html")
def bar_chart(bars: Sequence[charts.Bar], caption: str) -> Context:
    """`{% bar_chart bars caption %}`: the table is the chart."""
    widths = charts.bar_widths([bar.value for bar in bars])
    return {"rows": list(zip(bars, widths, strict=True)), "caption": caption}


@register.inclusion_tag("ui/column_chart.html")
def column_chart(bars: Sequence[charts.Bar], caption: str, value_label: str = "", head: str = "") -> Context:
    """`{% column_chart bars caption value_label %}`: months side by side, the last in the accent.

    With another `head` (hours, say) no column is the present one.
    """
    columns = charts.lay_columns(bars)
    if head:
        columns = [replace(column, is_now=False) for column in columns]
    return {"columns": columns, "bars": bars, "caption": caption, "value_label": value_label, "head": head}


@register.inclusion_tag("ui/line_chart.html")
def line_chart(series: Sequence[charts.Series], labels: Sequence[str], caption: str) -> Context:
    """`{% line_chart series labels caption %}`: lines named at their ends, the first in the accent."""
    rows = [(label, [line.shown[index] for line in series]) for index, label in enumerate(labels)]
    return {
        "lines": charts.lay_lines(series),
        "series": series,
        "rows": rows,
        "first_label": labels[0] if labels else "",
        "last_label": labels[-1] if labels else "",
        "caption": caption,
    }


@register.inclusion_tag("ui/stack_chart.html")
def stack_chart(
    series: Sequence[charts.Series], totals: Sequence[charts.Bar], caption: str, total_label: str = ""
) -> Context:
    """`{% stack_chart series totals caption total_label %}`: parts of a whole by month, the first below."""
    parts, names = charts.lay_stacks(series)
    rows = [(total, [line.shown[position] for line in series]) for position, total in enumerate(totals)]
    return {
        "parts": parts,
        "names": names,
        "columns": charts.lay_columns(totals),
        "series": series,
        "rows": rows,
        "caption": caption,
        "total_label": total_label,
    }


@register.inclusion_tag("ui/nav_item.html", takes_context=True)
def nav_item(
    context: template.Context, label: str, url: str, icon: str = "", *, is_exact: bool = False
) -> Context:
    """`{% nav_item label url icon %}`: marked as current where the page's address begins with it."""
    path = context["request"].path
    return {
        "label": label,
        "url": url,
        "icon_name": icon,
        "is_current": path == url if is_exact else path.startswith(url),
    }


@register.inclusion_tag("ui/pagination.html", takes_context=True)
def pagination(context: template.Context, paginated: PaginatorPage[Any], parameter: str = "page") -> Context:
    """`{% pagination page_obj %}`: keeps the rest of the query; the second of a page names its own parameter."""

    def address(number: int) -> str:
        query: QueryDict = context["request"].GET.copy()
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    return {
        "paginated": paginated,
        "previous_url": address(paginated.previous_page_number()) if paginated.has_previous() else "",
        "next_url": address(paginated.next_page_number()) if paginated.has_next() else "",
    }
