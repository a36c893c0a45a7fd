"""Writes heartbeats for good: what is acknowledged here is in the play log, once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from catalog.models import Heartbeat
from catalog.usage import schema
from catalog.usage.schema import Beat, HeartbeatRefused, Session

LATE = timedelta(days=7)  # what was heard offline may be told so long after the opening


def record_heartbeat(*, session: Session, beat: Beat, granted_until: datetime, now: datetime) -> int:
    """Keep a heartbeat in the buffer and return its sequence number, once it is committed.

    The same (session, sequence) again changes nothing and has the same answer, whatever else it says.
    `granted_until` is the end of the grant that vouches for it: time after that earns nothing.

    Raises:
        HeartbeatRefused: too_late (opened more than 7 days ago) or too_many_heartbeats.
    """
    if now - session.opened_at > LATE:
        raise HeartbeatRefused("too_late", "the session was opened more than 7 days ago; its day is closed")
    schema.check_pace(sequence=beat.sequence, elapsed_s=(now - session.opened_at).total_seconds())
    row = Heartbeat(
        session_id=session.session_id,
        sequence=beat.sequence,
        library_id=session.library_id,
        patron=session.patron,
        resource_id=session.resource_id,
        medium=session.medium,
        source=session.source,
        max_age=session.max_age,
        duration_s=session.duration_s,
        opened_at=session.opened_at,
        intervals=beat.intervals,
        rate=round(beat.rate, 2),
        event=beat.event,
        client_at=beat.client_at,
        received_at=now,
        credible_until=min(now, granted_until),
    )
    with transaction.atomic(durable=True):
        Heartbeat.objects.bulk_create([row], ignore_conflicts=True)  # INSERT ... ON CONFLICT DO NOTHING
    return beat.sequence
