"""The first stage on one machine: the rows of `reduce_plays`, by one sort of integers into which plays are packed.

A play's library, patron, resource and day stand in one 64-bit integer, from the highest bits to the lowest, so
that sorting integers groups the plays, and neighbours say where a day or a resource of a patron ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from royalties.engine.allocate import Usage
from royalties.engine.apportion import Ints, starts_of_runs
from royalties.engine.catalogue import Catalogue
from royalties.engine.policy import MEDIA, Policy

WORD = 63  # bits of a signed integer that is never negative


@dataclass(frozen=True, slots=True)
class Field:
    """Numbers from `low` to `high`, kept as their distance from `low`; or as places among `values`, if given."""

    low: int
    high: int
    values: Ints | None = None

    @property
    def bits(self) -> int:
        """How many bits the largest distance needs."""
        return (self.high - self.low).bit_length()

    def decode(self, numbers: Ints) -> Ints:
        """Return what the packed numbers stand for."""
        return numbers + self.low if self.values is None else self.values[numbers]


@dataclass(frozen=True, slots=True)
class Packing:
    """The four fields; `day` counts the days of UTC from the first of the log."""

    library: Field
    patron: Field
    resource: Field
    day: Field

    @property
    def bits(self) -> int:
        """How many bits all four need; more than WORD can't be packed."""
        return self.library.bits + self.patron.bits + self.resource.bits + self.day.bits

    def shifts(self) -> tuple[int, int, int, int]:
        """Return by how many bits library, patron, resource and day are moved up."""
        above_day = self.day.bits
        above_resource = above_day + self.resource.bits
        return above_resource + self.patron.bits, above_resource, above_day, 0


@dataclass(frozen=True, slots=True)
class Plays:
    """Plays whose status is `counted`, packed, in any order; arrays of equal length."""

    packed: Ints
    seconds: Ints


def tally_plays(plays: Plays, *, packing: Packing, catalogue: Catalogue, policy: Policy) -> dict[int, Usage]:
    """Return the USAGE rows by library, sorted; `reduce_plays` says which plays count, and how much."""
    libraries, patrons, resources, _days = packing.shifts()
    resource_mask, patron_mask = ((1 << field.bits) - 1 for field in (packing.resource, packing.patron))

    def locate(packed: Ints) -> Ints:
        """Return the positions of resources in the catalogue."""
        return catalogue.find_resources(packing.resource.decode((packed >> resources) & resource_mask))

    is_long = plays.seconds >= _thresholds(catalogue, policy)[locate(plays.packed)]
    packed, seconds = plays.packed[is_long], plays.seconds[is_long]
    if not len(packed):
        return {}
    order = np.argsort(packed)
    packed, seconds = packed[order], seconds[order]

    # A row a day of a patron and resource, capped; then a row a patron and resource.
    starts = starts_of_runs(packed)
    packed = packed[starts]
    limit = catalogue.duration_s * policy.daily_cap
    seconds = np.minimum(np.add.reduceat(seconds, starts, dtype=np.int64), limit[locate(packed)])
    counts = np.minimum(np.diff(starts, append=len(order)), policy.daily_cap)
    starts = starts_of_runs(packed >> resources)
    packed = packed[starts]
    usage = Usage(
        patron=packing.patron.decode((packed >> patrons) & patron_mask),
        resource_id=packing.resource.decode((packed >> resources) & resource_mask),
        plays=np.add.reduceat(counts, starts),
        seconds=np.add.reduceat(seconds, starts),
    )
    library = packed >> libraries
    starts = starts_of_runs(library)
    ids = packing.library.decode(library[starts])
    bounds = [*starts.tolist(), len(library)]
    return {
        library_id: usage[first:last]
        for library_id, first, last in zip(ids.tolist(), bounds[:-1], bounds[1:], strict=True)
    }


def _thresholds(catalogue: Catalogue, policy: Policy) -> Ints:
    """Return by resource position the seconds from which a play counts."""
    qualify_s = np.array([policy.qualify_s[name] for name in MEDIA], np.int64)
    return np.minimum(catalogue.duration_s, qualify_s[catalogue.medium])
