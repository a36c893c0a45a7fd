"""Lines: who gets how much, from which library's envelope and for which resource."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from royalties.engine.apportion import Ints
from royalties.engine.catalogue import Catalogue
from royalties.engine.policy import ENVELOPES, FLOOR
from royalties.engine.tables import LINES

NAMES = pa.array((*ENVELOPES, FLOOR))


def make_lines(
    envelope: str,
    micros: Ints,
    payee: Ints,
    resource: Ints | None,
    catalogue: Catalogue,
    library_id: int | None = None,
) -> pa.Table:
    """Return LINES for amounts above 0, given by payee and resource positions."""
    kept = np.flatnonzero(micros)
    count = len(kept)
    none = pa.nulls(count, pa.int64())
    number: Any = pa.array(np.full(count, NAMES.index(envelope).as_py(), np.int8))
    columns = [
        none if library_id is None else pa.repeat(pa.scalar(library_id, pa.int64()), count),
        pa.DictionaryArray.from_arrays(number, NAMES),
        none if resource is None else pa.array(catalogue.resource_ids[resource[kept]]),
        pa.array(catalogue.payee_ids[payee[kept]]),
        pa.array(micros[kept]),
    ]
    return pa.table(columns, schema=LINES)
