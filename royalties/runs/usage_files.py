"""The waist on disk: a file of raw integers a column, sorted, so that a worker reads its library's rows alone."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from royalties.engine.allocate import Usage
from royalties.engine.apportion import Ints
from royalties.engine.tables import USAGE

COLUMNS = USAGE.names[1:]
NO_ROWS = (0, 0)


@dataclass(frozen=True, slots=True)
class UsageFiles:
    """The columns' folder, and where each library's rows begin and how many they are."""

    folder: Path
    rows: dict[int, tuple[int, int]]

    def read(self, library_id: int) -> Usage:
        """Return one library's rows; none for a library without a play."""
        first, count = self.rows.get(library_id, NO_ROWS)
        return Usage(**{name: _read(self.folder / name, first, count) for name in COLUMNS})


def write_usage(batches: Iterable[pa.RecordBatch], folder: Path) -> UsageFiles:
    """Write the USAGE rows of `batches`, which come sorted by library, patron and resource."""
    folder.mkdir()
    rows: dict[int, tuple[int, int]] = {}
    written = 0
    with ExitStack() as opened:
        files = {name: opened.enter_context((folder / name).open("wb")) for name in COLUMNS}
        for batch in batches:
            for name, file in files.items():
                batch[name].to_numpy().tofile(file)
            ids, counts = np.unique(batch["library_id"].to_numpy(), return_counts=True)
            for library_id, count in zip(ids.tolist(), counts.tolist(), strict=True):
                first, before = rows.get(library_id, (written, 0))
                rows[library_id] = (first, before + count)
                written += count
    return UsageFiles(folder, rows)


def _read(path: Path, first: int, count: int) -> Ints:
    return np.fromfile(path, np.int64, count=count, offset=first * np.dtype(np.int64).itemsize)
