"""Ways of keeping a heartbeat for good, each in the hands of several players at once.

A contender gets heartbeats and returns when all are acknowledged: on the disk, so that a kill -9 of anything
loses none. `valkey everysec` breaks that promise by up to a second, and is there to see what the promise costs.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from itertools import cycle
from queue import SimpleQueue
from uuid import uuid4

import psycopg
import redis
from django.conf import settings
from django.db import connection, transaction
from psycopg.types.json import Jsonb

from catalog.models import Heartbeat
from catalog.streaming import grants
from catalog.streaming.grants import Grant
from catalog.usage import services
from catalog.usage.schema import Beat, Session

BEATS_A_SESSION = 20
BATCH = 1_000
Work = list[tuple[Session, Beat, datetime]]


def contenders(
    *, address: str, ports: list[int], clients: int
) -> Iterator[tuple[str, Callable[[Work], None]]]:
    """Yield each way of keeping heartbeats by name, the floor first."""

    def together(act: Callable[[Work], None]) -> Callable[[Work], None]:
        return lambda work: share_out(work, clients, act)

    yield "bare COPY, 1,000 a commit, 2 clients", lambda work: share_out(work, 2, bare_copy)
    yield "PostgreSQL: bare INSERT", together(bare_insert)
    yield "PostgreSQL: one writer, group commit", lambda work: GroupCommit().run(work, clients)
    yield "PostgreSQL: Django's models in a transaction", together(through_models)
    yield "PostgreSQL: our service", together(through_service)
    for fsync in ("always", "everysec"):
        for batch in (1, 100):
            name = f"Valkey: XADD, fsync {fsync}, {batch} a pipeline"
            yield name, together(xadd(address, fsync=fsync, batch=batch))
    redis.Redis.from_url(address).config_set("appendfsync", "always")  # as it runs with us
    yield f"our service, through {len(ports)} web servers", together(through_web(ports))


def make_work(count: int) -> Work:
    """Return heartbeats of sessions that are all new, 20 each, in the order in which players would send them."""
    opened = datetime.now(UTC) - timedelta(hours=1)
    sessions = [
        Session(
            session_id=uuid4(),
            library_id=number % 50,
            patron=f"{number % 2_000:032x}",
            resource_id=number % 5_000,
            medium="music",
            source="web",
            max_age=None,
            duration_s=10 * BEATS_A_SESSION,
            opened_at=opened,
        )
        for number in range(-(-count // BEATS_A_SESSION))
    ]
    return [
        (
            session,
            Beat(sequence, ((sequence * 10.0, sequence * 10.0 + 10.0),), 1.0, "tick", opened),
            opened + timedelta(seconds=10 * (sequence + 1)),
        )
        for sequence in range(BEATS_A_SESSION)
        for session in sessions
    ][:count]


def share_out(work: Work, clients: int, act: Callable[[Work], None]) -> None:
    """Let each client do its part of the work in a thread of its own. Raises: the first client's fault."""
    faults: list[BaseException] = []

    def run(part: Work) -> None:
        try:
            act(part)
        except BaseException as fault:  # noqa: BLE001 - told below
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work[number::clients],)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def through_service(work: Work) -> None:
    """Keep each as the web server does, without the web."""
    for session, beat, now in work:
        services.record_heartbeat(session=session, beat=beat, granted_until=now, now=now)


def through_models(work: Work) -> None:
    """Keep each by Django's models in a transaction, as was done before."""
    for session, beat, now in work:
        row = Heartbeat(**dict(zip(services.COLUMNS, _values(session, beat, now), strict=True)))
        row.intervals = beat.intervals
        with transaction.atomic(durable=True):
            Heartbeat.objects.bulk_create([row], ignore_conflicts=True)


def bare_insert(work: Work) -> None:
    """Insert each with nothing of ours around: a prepared statement, a transaction each."""
    with _connect() as own:
        for one in work:
            own.execute(services.KEEP, _values(*one), prepare=True)


def bare_copy(work: Work) -> None:
    """COPY a thousand at a time: nobody is acknowledged before the thousandth came."""
    columns = ", ".join(services.COLUMNS)
    with _connect() as own, own.cursor() as cursor:
        for first in range(0, len(work), BATCH):
            with cursor.copy(f"COPY {services.TABLE} ({columns}) FROM STDIN") as copy:
                for one in work[first : first + BATCH]:
                    copy.write_row(_values(*one))


class GroupCommit:
    """One writer for all: it takes whatever waits, inserts it in one statement, and wakes who waited for it."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[tuple[tuple[object, ...], threading.Event] | None] = SimpleQueue()

    def run(self, work: Work, clients: int) -> None:
        """Let all clients hand over what they have, and wait for each acknowledgement."""
        writer = threading.Thread(target=self._write)
        writer.start()
        share_out(work, clients, self._hand_over)
        self._waiting.put(None)
        writer.join()

    def _hand_over(self, work: Work) -> None:
        for one in work:
            done = threading.Event()
            self._waiting.put((_values(*one), done))
            done.wait()

    def _write(self) -> None:
        with _connect() as own, own.cursor() as cursor:
            while (first := self._waiting.get()) is not None:
                batch = [first]
                while not self._waiting.empty() and (one := self._waiting.get()) is not None:
                    batch.append(one)
                row = f"({', '.join(['%s'] * len(services.COLUMNS))})"
                statement = services.KEEP.replace(row, ", ".join([row] * len(batch)))
                cursor.execute(
                    statement, [value for values, _done in batch for value in values], prepare=True
                )
                for _row, done in batch:
                    done.set()


def xadd(address: str, *, fsync: str, batch: int) -> Callable[[Work], None]:
    """Return a contender that appends to a Valkey stream, one by one or so many in one pipeline."""
    redis.Redis.from_url(address).config_set("appendfsync", fsync)

    def act(work: Work) -> None:
        client = redis.Redis.from_url(address)
        for first in range(0, len(work), batch):
            pipe = client.pipeline(transaction=False)
            for one in work[first : first + batch]:
                pipe.xadd("heartbeats", {"h": json.dumps(_values(*one), default=_plain)})
            pipe.execute()
        client.close()

    return act


def through_web(ports: list[int]) -> Callable[[Work], None]:
    """Return a contender that posts each with its grant to a web server, on a connection that is kept."""
    turns = cycle(ports)

    def act(work: Work) -> None:
        tokens = {session.session_id: _token_of(session) for session, _beat, _now in work}
        web = HTTPConnection("127.0.0.1", next(turns))
        for session, beat, _now in work:
            said = {"sequence": beat.sequence, "intervals": beat.intervals, "rate": 1, "event": "tick"}
            web.request("POST", f"/m/{tokens[session.session_id]}/heartbeat", json.dumps(said))
            answer = web.getresponse()
            body = answer.read()
            if answer.status != 202:
                raise RuntimeError(f"{answer.status}: {body[:200]!r}")
        web.close()

    return act


def _token_of(session: Session) -> str:
    grant = Grant(
        key_id=settings.GRANT_KEY_ID,
        session_id=session.session_id,
        library_id=session.library_id,
        patron=session.patron,
        resource_id=session.resource_id,
        package="ab" * 32,
        medium=session.medium,
        source=session.source,
        max_age=session.max_age,
        duration_s=session.duration_s,
        seat="0123456789ab-0123456789ab",
        opened_at=session.opened_at,
        issued_at=session.opened_at,
        expires_at=session.opened_at + grants.MAX_LIFE,
    )
    return grants.sign(grant, seed=settings.GRANT_SIGNING_KEY)


def _values(session: Session, beat: Beat, now: datetime) -> tuple[object, ...]:
    """Return a heartbeat's row in the order of `services.COLUMNS`."""
    return (
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
        beat.rate,
        beat.event,
        beat.client_at,
        now,
        now,
        None,
    )


def _plain(value: object) -> object:
    return value.obj if isinstance(value, Jsonb) else str(value)


def _connect() -> psycopg.Connection:
    place = settings.DATABASES["default"]
    return psycopg.connect(host=place["HOST"], user=place["USER"], dbname=place["NAME"], autocommit=True)
