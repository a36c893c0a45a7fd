"""The tables of the file contract: their columns, and what is wrong with a table that breaks them.

Money is in micros, times in seconds, instants in UTC. Ids are 64-bit integers. Every integer width is read
and widened; text may be dictionary-encoded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

COUNTED, DOUBLE_CLICK, HELD = STATUSES = ("counted", "double_click", "held")


def _table(**columns: pa.DataType) -> pa.Schema:
    """A trailing underscore marks a column in which null is a value."""
    return pa.schema(
        [pa.field(name.rstrip("_"), kind, nullable=name.endswith("_")) for name, kind in columns.items()]
    )


ID = MICROS = pa.int64()

# One row a play of the period.
PLAYS = _table(
    library_id=ID,
    patron=ID,
    resource_id=ID,
    started_at=pa.timestamp("us", tz="UTC"),
    seconds=pa.int32(),
    status=pa.string(),
)
# Key: resource_id. No duration: unknown, as for books and games.
RESOURCES = _table(resource_id=ID, release_id=ID, medium=pa.string(), duration_s_=pa.int64())
# Key: (resource_id, payee_id). The shares of a resource sum to 10,000.
SHARES = _table(resource_id=ID, payee_id=ID, share_bp=pa.int64())
# Key: payee_id. Codes as far as they are known.
PAYEES = _table(
    payee_id=ID,
    commune_=pa.string(),
    epci_=pa.string(),
    departement_=pa.string(),
    region_=pa.string(),
    country_=pa.string(),
)
# Key: library_id.
LIBRARIES = _table(library_id=ID, revenue_micros=MICROS, reserve_micros=MICROS)
# Key: (library_id, level, code). `own` marks the library's own territories.
TERRITORIES = _table(library_id=ID, level=pa.string(), code=pa.string(), own=pa.bool_())

INPUTS: Mapping[str, pa.Schema] = {
    "plays": PLAYS,
    "resources": RESOURCES,
    "shares": SHARES,
    "payees": PAYEES,
    "libraries": LIBRARIES,
    "territories": TERRITORIES,
}

# The narrow waist. Key: (library_id, patron, resource_id); plays >= 1, both measures after the daily cap.
USAGE = _table(library_id=ID, patron=ID, resource_id=ID, plays=pa.int64(), seconds=pa.int64())

# Key: all but the amount, which is positive. The library is null for catalogue and floor. In memory the envelope is a
# number and a dictionary; in the file, as everywhere outside, it is text.
LINES = _table(
    library_id_=ID,
    envelope=pa.dictionary(pa.int8(), pa.string()),
    resource_id_=ID,
    payee_id=ID,
    amount_micros=MICROS,
)
# Key: library_id. The six envelopes as step 2 divides the revenue, and the reserve carried out.
LIBRARY_TOTALS = _table(
    library_id=ID,
    operations=MICROS,
    solidarity=MICROS,
    usage=MICROS,
    territory=MICROS,
    diversity=MICROS,
    catalogue=MICROS,
    reserve_micros=MICROS,
)


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong with the input; a fault stops the run, a notice does not.

    `file` is the table's name, `code` a stable word, `subject` what it is about (a column, an id).
    """

    file: str
    code: str
    subject: str
    detail: str
    is_fault: bool = True

    def __str__(self) -> str:
        return f"{self.file}: {self.code}: {self.subject}: {self.detail}"


def check_columns(*, file: str, found: pa.Schema) -> list[Finding]:
    """Compare a table's columns with the contract; more columns than it names are no fault."""
    findings = []
    for field in INPUTS[file]:
        index = found.get_field_index(field.name)
        if index < 0:
            findings.append(
                Finding(file, "missing_column", field.name, f"a column of {field.type} is needed")
            )
        elif not _is_readable(found.field(index).type, field.type):
            detail = f"is {found.field(index).type}, not {field.type}"
            findings.append(Finding(file, "mistyped_column", field.name, detail))
    return findings


def _is_readable(found: pa.DataType, wanted: pa.DataType) -> bool:
    if pa.types.is_dictionary(found):
        found = found.value_type
    if pa.types.is_null(found):
        return True  # a column without any value: whether it may be so is read_as_contracted's matter
    if pa.types.is_integer(wanted):
        return bool(pa.types.is_integer(found))
    if pa.types.is_timestamp(wanted):
        return bool(pa.types.is_timestamp(found))
    if pa.types.is_string(wanted):
        return bool(pa.types.is_string(found) or pa.types.is_large_string(found))
    return bool(found == wanted)


def read_as_contracted(*, file: str, table: pa.Table) -> tuple[pa.Table | None, list[Finding]]:
    """Bring a table to the contract's columns and types; return it only when nothing is wrong with it.

    A column that is missing or mistyped does not hide the nulls and overflows of the others.
    """
    findings = check_columns(file=file, found=table.schema)
    broken = {finding.subject for finding in findings}
    columns = []
    for field in INPUTS[file]:
        if field.name in broken:
            continue
        column = table.column(field.name)
        if column.null_count and not field.nullable:
            detail = f"{column.null_count} rows have no value"
            findings.append(Finding(file, "null_value", field.name, detail))
        try:
            columns.append(column.cast(field.type))
        except pa.ArrowInvalid:
            findings.append(Finding(file, "out_of_range", field.name, f"a value does not fit {field.type}"))
    return (None if findings else pa.table(columns, schema=INPUTS[file])), findings
