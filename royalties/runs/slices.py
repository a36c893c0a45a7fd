"""Cutting a month's log into jobs: some libraries each, in slices that are tallied at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from royalties.engine.catalogue import Library

EVERYBODY = (-(2**63), 2**63 - 1)


@dataclass(frozen=True, slots=True)
class Slice:
    """Plays of the libraries from `first` to `last`, and of the patrons between both ends of `patrons`."""

    first: int
    last: int
    patrons: tuple[int, int] = EVERYBODY


@dataclass(frozen=True, slots=True)
class Job:
    """Libraries that one worker computes, and the slices that hold their plays, patrons ascending."""

    libraries: list[Library]
    slices: list[Slice]


def cut_jobs(
    libraries: Sequence[Library],
    *,
    plays: Mapping[int, int],
    count_by_patron: Callable[[int], Sequence[tuple[int, int]]],
    size: int,
) -> Iterator[Job]:
    """Yield the jobs in the order of the libraries, each slice with at most `size` plays where that can be.

    `plays` counts by library; `count_by_patron` counts a library's by patron, in their order, and is asked only
    for a library that is too large for one slice.
    """
    waiting: list[Library] = []
    filled = 0
    for library in libraries:
        count = plays.get(library.library_id, 0)
        if waiting and filled + count > size:
            yield _whole(waiting)
            waiting, filled = [], 0
        if count > size:
            counts = count_by_patron(library.library_id)
            yield Job([library], list(_cut_patrons(library.library_id, counts, size)))
            continue
        waiting.append(library)
        filled += count
    if waiting:
        yield _whole(waiting)


def _whole(libraries: list[Library]) -> Job:
    return Job(libraries, [Slice(libraries[0].library_id, libraries[-1].library_id)])


def _cut_patrons(library_id: int, counts: Sequence[tuple[int, int]], size: int) -> Iterator[Slice]:
    """Yield slices of whole patrons: a patron with more plays than a slice holds is one alone."""
    low, filled = EVERYBODY[0], 0
    for patron, count in counts:
        if filled and filled + count > size:
            yield Slice(library_id, library_id, (low, patron - 1))
            low, filled = patron, 0
        filled += count
    yield Slice(library_id, library_id, (low, EVERYBODY[1]))
