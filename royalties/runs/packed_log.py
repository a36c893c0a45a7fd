"""The play log as the tally wants it: scanned by DuckDB slice by slice, each play packed into one integer.

SQL by hand: Ibis takes a day by way of a calendar and its time zone, which alone costs four times the scan.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from royalties.engine.tables import COUNTED
from royalties.engine.tally import WORD, Field, Packing, Plays
from royalties.runs.backends.errors import QueryFailed
from royalties.runs.slices import Slice

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.backends import BaseBackend

DAY_US = 86_400_000_000


class PackedLog:
    """A play log that an open DuckDB knows by a name; threads may ask it at once.

    Numbers are packed by their distance from the least of the log. Where that needs more than 63 bits, by their
    places among the distinct ones, which DuckDB keeps in tables. `counts` are the plays by library of any status.
    """

    def __init__(self, backend: BaseBackend, name: str) -> None:
        """Look over the log once.

        Raises:
            QueryFailed: even places need more than 63 bits.
        """
        self._connection = backend.con
        self._lock = Lock()  # a connection runs one query at a time, on all its threads
        self._name = name
        ends = self._fetch(
            f"SELECT library_id, count(*) AS plays, min(patron) AS least_patron, max(patron) AS last_patron,"
            f" min(resource_id) AS least_resource, max(resource_id) AS last_resource,"
            f" min(epoch_us(started_at)) AS least_us, max(epoch_us(started_at)) AS last_us"
            f" FROM {name} GROUP BY library_id"
        ).to_pydict()
        self.counts: dict[int, int] = dict(zip(ends["library_id"], ends["plays"], strict=True))
        begin_us = min(ends["least_us"], default=0) // DAY_US * DAY_US
        self._values = {
            "library": "CAST(library_id AS BIGINT)",
            "patron": "CAST(patron AS BIGINT)",
            "resource": "CAST(resource_id AS BIGINT)",
            "day": f"(epoch_us(started_at) - {begin_us}) // {DAY_US}",
        }
        self._packing = Packing(
            library=Field(min(self.counts, default=0), max(self.counts, default=0)),
            patron=Field(min(ends["least_patron"], default=0), max(ends["last_patron"], default=0)),
            resource=Field(min(ends["least_resource"], default=0), max(ends["last_resource"], default=0)),
            day=Field(0, (max(ends["last_us"], default=0) - begin_us) // DAY_US),
        )
        self._numbers = {
            field: f"({value}) - ({getattr(self._packing, field).low})"
            for field, value in self._values.items()
        }
        self._joins = ""
        if self._packing.bits > WORD:
            self._number_values()

    def fetch(self, some: Slice) -> tuple[Plays, Packing]:
        """Return the plays of a slice whose status is `counted`, and how they are packed."""
        shifts = zip(self._numbers.values(), self._packing.shifts(), strict=True)
        packed = " | ".join(f"(({number}) << {shift})" for number, shift in shifts)
        low, high = some.patrons
        rows = self._fetch(
            f"SELECT {packed} AS packed, seconds FROM {self._name} {self._joins} WHERE status = '{COUNTED}'"
            f" AND library_id BETWEEN {some.first} AND {some.last} AND patron BETWEEN {low} AND {high}"
        )
        return Plays(rows["packed"].to_numpy(), rows["seconds"].to_numpy()), self._packing

    def count_by_patron(self, library_id: int) -> list[tuple[int, int]]:
        """Return (patron, plays of any status) of a library, by patron."""
        rows = self._fetch(
            f"SELECT patron, count(*) AS plays FROM {self._name} WHERE library_id = {library_id}"
            f" GROUP BY patron ORDER BY patron"
        )
        return list(zip(rows["patron"].to_numpy().tolist(), rows["plays"].to_numpy().tolist(), strict=True))

    def _number_values(self) -> None:
        fields = {}
        for field, value in self._values.items():
            places = f"{field}_places"
            distinct = f"SELECT DISTINCT {value} AS value FROM {self._name}"
            self._connection.execute(
                f"CREATE TABLE {places} AS SELECT value, row_number() OVER (ORDER BY value) - 1 AS place"
                f" FROM ({distinct})"
            )
            values = self._fetch(f"SELECT value FROM {places} ORDER BY value")["value"].to_numpy()
            fields[field] = Field(0, max(len(values) - 1, 0), values)
            self._numbers[field] = f"{places}.place"
            self._joins += f" JOIN {places} ON {places}.value = {value}"
        self._packing = Packing(**fields)
        if self._packing.bits > WORD:
            raise QueryFailed(f"the plays are too many kinds to tell apart in {WORD} bits")

    def _fetch(self, query: str) -> pa.Table:
        with self._lock:
            table: pa.Table = self._connection.sql(query).to_arrow_table()
            return table
