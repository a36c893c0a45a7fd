"""Writes heartbeats for good: what is acknowledged here is in the play log, once."""

from __future__ import annotations

from datetime import datetime, timedelta

from psycopg.types.json import Jsonb

from catalog.usage import schema
from catalog.usage.schema import Beat, HeartbeatRefused, Session
from mediaplatform.infrastructure.db import write_durably

LATE = timedelta(days=7)  # what was heard offline may be told so long after the opening
COLUMNS = (
    "session_id",
    "sequence",
    "library_id",
    "patron",
    "resource_id",
    "medium",
    "source",
    "max_age",
    "duration_s",
    "opened_at",
    "intervals",
    "rate",
    "event",
    "client_at",
    "received_at",
    "credible_until",
    "delivered_s",
)
TABLE = "catalog_heartbeat"
KEEP = (
    f"INSERT INTO {TABLE} ({', '.join(COLUMNS)})"  # noqa: S608 - constants of ours
    f" VALUES ({', '.join(['%s'] * len(COLUMNS))}) ON CONFLICT (session_id, sequence) DO NOTHING"
)


def record_heartbeat(
    *, session: Session, beat: Beat, granted_until: datetime, now: datetime, delivered_s: int | None = None
) -> int:
    """Keep a heartbeat in the buffer and return its sequence number, once it is committed (docs/adr/0019).

    The same (session, sequence) again changes nothing and has the same answer, whatever else it says.
    `granted_until` is the end of the grant that vouches for it: time after that earns nothing.
    `delivered_s`: seconds of the resource that were delivered to the session so far, None where nobody counts.

    Raises:
        HeartbeatRefused: too_late (opened more than 7 days ago) or too_many_heartbeats.
    """
    if now - session.opened_at > LATE:
        raise HeartbeatRefused("too_late", "the session was opened more than 7 days ago; its day is closed")
    schema.check_pace(sequence=beat.sequence, elapsed_s=(now - session.opened_at).total_seconds())
    write_durably(
        KEEP,
        (
            session.session_id,
            beat.sequence,
            session.library_id,
            session.patron,
            session.resource_id,
            session.medium,
            session.source,
            session.max_age,
            session.duration_s,
            session.opened_at,
            Jsonb(beat.intervals),
            round(beat.rate, 2),
            beat.event,
            beat.client_at,
            now,
            min(now, granted_until),
            delivered_s,
        ),
    )
    return beat.sequence
