"""An element of a message as the readers need it: by local names, with its place for faults."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from lxml import etree

from catalog.ingest.faults import Faults
from catalog.ingest.xml_files import Member
from mediaplatform.infrastructure.said import say as _

DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?")
BARE_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})?(?!\d|-)")
WORLDWIDE = "Worldwide"
HOME = "FR"  # whose details are read where a message gives them by territory


@dataclass(frozen=True, slots=True)
class Node:
    """One element in its file. Paths are local names with slashes, relative to it."""

    element: etree._Element
    file: str
    faults: Faults
    member: Member | None = None  # it, or what it stands in, of a message that is read piece by piece

    @property
    def name(self) -> str:
        """The element's local name."""
        return str(etree.QName(self.element).localname)

    @property
    def line(self) -> int:
        return int(self.element.sourceline or 1)

    @property
    def path(self) -> str:
        """The XPath from the root in local names, places counted among those of one name: `/…/Release[2]`."""
        parts, element = [], self.element
        while element is not None:
            parent, name = element.getparent(), etree.QName(element).localname
            if self.member is not None and element is self.member.element:
                before = self.member.before
            else:
                before = sum(1 for _one in element.itersiblings(*_tags((name,)), preceding=True))
            is_one_of_many = before or next(element.itersiblings(*_tags((name,))), None) is not None
            parts.append(f"{name}[{before + 1}]" if is_one_of_many else str(name))
            element = parent
        return "/" + "/".join(reversed(parts))

    def fault(self, code: str, message: str) -> None:
        """Note a fault at this element."""
        self.faults.add(self.file, self.line, self.path, code=code, message=message)

    def children(self, *names: str) -> list[Node]:
        """Return the child elements of these names, in order; all without a name."""
        found = self.element.iterchildren(*(_tags(names) if names else (etree.Element,)))
        return [self._of(one) for one in found]

    def every(self, path: str) -> Iterator[Node]:
        """Yield the elements at a path."""
        for element in _elements(self.element, _steps(path)):
            yield self._of(element)

    def first(self, *paths: str) -> Node | None:
        """Return the first element with text or children at the first path that has one."""
        for path in paths:
            for element in _elements(self.element, _steps(path)):
                if len(element) or _value(element):
                    return self._of(element)
        return None

    def text(self, *paths: str, limit: int = 300) -> str:
        """Return the text at the first path that has one; longer than `limit` is a fault."""
        for path in paths:
            for element in _elements(self.element, _steps(path)):
                if value := _value(element):
                    if len(value) > limit:
                        message = _("At most %(limit)d characters fit here.") % {"limit": limit}
                        self._of(element).fault("too_long", message)
                    return value[:limit]
        return ""

    def _of(self, element: etree._Element) -> Node:
        return Node(element, self.file, self.faults, self.member)

    @property
    def value(self) -> str:
        """The element's own text, white space taken together."""
        return _value(self.element)

    def number(self, validate: Callable[[str], str], *, code: str, message: str) -> str:
        """Return an identifier as `validate` of python-stdnum gives it back; a wrong one is a fault, and empty."""
        try:
            return str(validate(self.value))
        except ValueError:
            self.fault(code, message)
            return ""

    def by_territory(self, name: str) -> Node:
        """Return the details that hold here: worldwide, else of France, else the first; itself in 4.x."""
        details = self.children(name)
        for wanted in (WORLDWIDE, HOME):
            for node in details:
                if wanted in {code.value for code in node.children("TerritoryCode")}:
                    return node
        return details[0] if details else self

    def day(self, *paths: str) -> date | None:
        """Return the day of a date, a date and time, or a year or month (its first day), with or without hyphens."""
        node = self.first(*paths)
        if node is None:
            return None
        bare = BARE_DATE.match(node.value)
        parts = [part for part in bare.groups() if part] if bare else node.value[:10].split("-")
        try:
            year, month, day = (int(part) for part in (*parts, "1", "1")[:3])
            return date(year, month, day)
        except ValueError:
            node.fault("not_a_date", _("Write a date as yyyy-mm-dd."))
            return None

    def seconds(self, path: str) -> int | None:
        """Return an ISO 8601 duration in whole seconds: PT2M28S -> 148."""
        node = self.first(path)
        if node is None:
            return None
        found = DURATION.fullmatch(node.value)
        if found is None or not any(found.groups()):
            node.fault("not_a_duration", _("Write a duration as PT3M25S."))
            return None
        days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


@lru_cache(maxsize=1_000)
def _tags(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return local names as lxml looks for them in any namespace."""
    return tuple(f"{{*}}{name}" for name in names)


@lru_cache(maxsize=1_000)
def _steps(path: str) -> tuple[str, ...]:
    return _tags(tuple(path.split("/")))


def _elements(element: etree._Element, steps: tuple[str, ...]) -> Iterable[etree._Element]:
    """Return what is at a path of steps below an element, in order."""
    found: Iterable[etree._Element] = element.iterchildren(steps[0])
    for step in steps[1:]:
        found = [child for parent in found for child in parent.iterchildren(step)]
    return found


def _value(element: etree._Element) -> str:
    text = element.text
    return " ".join(text.split()) if text else ""
