"""What the kernel needs to know beside the plays: resources, shares, payees, libraries; as arrays.

A *position* is an index into a sorted array of ids, so that the order of positions is the order of keys, on
which every tie is decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mediaplatform.kernel.territories import LEVELS
from royalties.engine.apportion import Ints
from royalties.engine.policy import MEDIA

SPARSEST = 8  # numbers for each id in the span of ids for which an index by id is kept
UNKNOWN = 2**40  # a duration that no play reaches; times the largest daily cap it still fits 64 bits
NOWHERE = -1  # the territory code of a payee that has none at a level


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Resources, shares and payees. Shares of 0 basis points are left out: nobody holds them.

    `resource_index[i]` is the position of the resource whose id is i more than the least; it is empty when the ids
    are too sparse. `medium` indexes MEDIA; `duration_s` is UNKNOWN where nobody knows it.
    `share_bounds[r]:share_bounds[r + 1]` are the rows of resource position r in `share_payee` (payee
    positions, ascending) and `share_bp`. `payee_codes[level, p]` is a number for the territory code, or NOWHERE.
    `releases_held[p]` counts distinct releases with a share.
    """

    resource_ids: Ints
    resource_index: NDArray[np.int32]
    medium: NDArray[np.int8]
    duration_s: Ints
    share_bounds: Ints
    share_payee: Ints
    share_bp: Ints
    payee_ids: Ints
    payee_codes: NDArray[np.int32]
    releases_held: Ints

    def find_resources(self, ids: Ints) -> Ints:
        """Return the positions of resource ids, all of which must be known."""
        if len(self.resource_index):
            positions: Ints = self.resource_index[ids - self.resource_ids[0]].astype(np.int64)
            return positions
        return np.searchsorted(self.resource_ids, ids)


@dataclass(frozen=True, slots=True)
class Library:
    """One library of the period: money in micros, and its territory codes by level as numbers of payee_codes.

    `own[level]` are its own territories, `known[level]` all that it lies in. Codes that no payee has are left out.
    """

    library_id: int
    revenue_micros: int
    reserve_micros: int
    own: tuple[tuple[int, ...], ...]
    known: tuple[tuple[int, ...], ...]


def build_catalogue(tables: Mapping[str, pa.Table]) -> tuple[Catalogue, list[Library]]:
    """Build the arrays from checked tables of the contract; libraries come in the order of their ids."""
    resources = tables["resources"].sort_by("resource_id")
    payees = tables["payees"].sort_by("payee_id")
    resource_ids, payee_ids = _ints(resources, "resource_id"), _ints(payees, "payee_id")

    shares = tables["shares"].filter(pc.field("share_bp") > 0)
    shares = shares.sort_by([("resource_id", "ascending"), ("payee_id", "ascending")])
    share_resource = np.searchsorted(resource_ids, _ints(shares, "resource_id"))
    share_payee = np.searchsorted(payee_ids, _ints(shares, "payee_id"))
    codes, numbers = _number_codes(payees)
    catalogue = Catalogue(
        resource_ids=resource_ids,
        resource_index=_index(resource_ids),
        medium=_positions(resources["medium"], MEDIA).astype(np.int8),
        duration_s=_durations(resources),
        share_bounds=np.searchsorted(share_resource, np.arange(len(resource_ids) + 1)),
        share_payee=share_payee,
        share_bp=_ints(shares, "share_bp"),
        payee_ids=payee_ids,
        payee_codes=codes,
        releases_held=_count_releases(
            _ints(resources, "release_id")[share_resource], share_payee, len(payee_ids)
        ),
    )
    return catalogue, _build_libraries(tables["libraries"], tables["territories"], numbers)


def _index(ids: Ints) -> NDArray[np.int32]:
    """Return the positions of sorted ids by their distance from the first, or nothing when they are too sparse."""
    span = int(ids[-1]) - int(ids[0]) + 1 if len(ids) else 0
    index = np.zeros(span if span <= SPARSEST * len(ids) else 0, np.int32)
    if len(index):
        index[ids - ids[0]] = np.arange(len(ids))
    return index


def _durations(resources: pa.Table) -> Ints:
    known: Any = resources["duration_s"]
    durations: Ints = known.fill_null(UNKNOWN).to_numpy()
    return durations


def _ints(table: pa.Table, column: str) -> Ints:
    values: Ints = table[column].to_numpy()
    return values


def _positions(column: pa.ChunkedArray[Any], values: tuple[str, ...]) -> Ints:
    found: Ints = pc.index_in(column, value_set=pa.array(values)).to_numpy()
    return found


def _number_codes(payees: pa.Table) -> tuple[NDArray[np.int32], list[dict[str, int]]]:
    """Number the distinct codes of each level; return the payees' numbers and the numbering."""
    codes = np.full((len(LEVELS), payees.num_rows), NOWHERE, np.int32)
    numbers: list[dict[str, int]] = []
    for row, level in enumerate(LEVELS):
        distinct: Any = payees[level].unique().drop_null()
        found: Any = pc.index_in(payees[level], value_set=distinct)
        codes[row] = found.fill_null(NOWHERE).to_numpy()
        numbers.append({str(code): number for number, code in enumerate(distinct.to_pylist())})
    return codes, numbers


def _count_releases(release: Ints, payee: Ints, payees: int) -> Ints:
    """Count the distinct releases of each payee position, given one (release, payee) pair a share."""
    order = np.lexsort((release, payee))
    release, payee = release[order], payee[order]
    is_new = np.ones(len(payee), bool)
    is_new[1:] = (release[1:] != release[:-1]) | (payee[1:] != payee[:-1])
    return np.bincount(payee[is_new], minlength=payees)


def _build_libraries(
    libraries: pa.Table, territories: pa.Table, numbers: list[dict[str, int]]
) -> list[Library]:
    own: dict[int, list[set[int]]] = {}
    known: dict[int, list[set[int]]] = {}
    for library_id in _ints(libraries, "library_id").tolist():
        own[library_id], known[library_id] = [set() for _ in LEVELS], [set() for _ in LEVELS]
    for row in territories.to_pylist():
        level = LEVELS.index(row["level"])
        number = numbers[level].get(row["code"])
        if number is not None:
            known[row["library_id"]][level].add(number)
            if row["own"]:
                own[row["library_id"]][level].add(number)
    return [
        Library(
            library_id=row["library_id"],
            revenue_micros=row["revenue_micros"],
            reserve_micros=row["reserve_micros"],
            own=tuple(tuple(sorted(level)) for level in own[row["library_id"]]),
            known=tuple(tuple(sorted(level)) for level in known[row["library_id"]]),
        )
        for row in libraries.sort_by("library_id").to_pylist()
    ]
