"""Players who tell what they heard until it is acknowledged, well-behaved or not, whatever happens to the server."""

from __future__ import annotations

import json
import random
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from uuid import UUID, uuid4

from catalog.streaming import grants
from catalog.streaming.grants import Grant

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HEARD_S = 10
OPENED_AGO = timedelta(hours=2)  # so that all that is claimed within the trial is credible
PAUSE_S = (0.05, 0.5)
PATIENCE_S = 240.0
TIMEOUT_S = 5.0
ACKNOWLEDGED = 202
REFUSALS = (400, 403)


@dataclass(slots=True)
class Player:
    """One session: claims by sequence number, those that were acknowledged, and what should not have been."""

    port: int
    seed: bytes
    key_id: str
    random: random.Random
    session_id: UUID = field(default_factory=uuid4)
    claims: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    acknowledged: set[int] = field(default_factory=set)
    sent: int = 0
    failed: int = 0
    faults: list[str] = field(default_factory=list)
    token: str = ""
    opened_at: datetime = EPOCH
    connection: HTTPConnection | None = None

    def play(self, stop: threading.Event) -> None:
        """Send heartbeats until told to stop: new ones, old ones again, forged and faulty ones."""
        self.opened_at = datetime.now(UTC) - OPENED_AGO
        self.token = self._sign(self.seed)
        while not stop.is_set():
            self._say_something()
            stop.wait(self.random.uniform(*PAUSE_S))

    def finish(self) -> None:
        """Send what was not acknowledged yet, as a player does when the network is back, and hang up."""
        try:
            self._send_the_rest()
        finally:
            self._hang_up()

    def _send_the_rest(self) -> None:
        limit = time.monotonic() + PATIENCE_S
        while waiting := sorted(set(self.claims) - self.acknowledged, reverse=True):
            for sequence in waiting:
                self._send(sequence)
            if time.monotonic() > limit:
                self.faults.append(f"{len(waiting)} heartbeats were never acknowledged")
                return
            time.sleep(0.2)

    @property
    def seconds(self) -> int:
        """Return what the log has to say: the union of all acknowledged claims, second by second."""
        heard = (span for sequence in self.acknowledged for span in self.claims[sequence])
        return len({second for start, end in heard for second in range(start, end)})

    def _say_something(self) -> None:
        dice = self.random.random()
        if dice < 0.08:
            self._expect_refusal(self._beat(len(self.claims), [(0, 7000)]), token=self._sign(bytes(32)))
        elif dice < 0.16:
            bad = self.random.choice([[-10, 5], [9, 3], [0, 10**9], ["a", 1]])
            self._expect_refusal(self._beat(len(self.claims), [bad]), token=self.token)  # type: ignore[list-item]
        elif dice < 0.3 and self.claims:
            self._send(self.random.choice(list(self.claims)))
        else:
            sequence = len(self.claims)
            start = max(
                sequence * HEARD_S - self.random.choice([0, 0, 0, 5, 25]), 0
            )  # some go back and hear it again
            self.claims[sequence] = [(start, start + HEARD_S)]
            if self.random.random() < 0.9:
                self._send(sequence)

    def _send(self, sequence: int) -> None:
        if self._post(self._beat(sequence, self.claims[sequence]), self.token) == ACKNOWLEDGED:
            self.acknowledged.add(sequence)

    def _expect_refusal(self, said: dict[str, object], *, token: str) -> None:
        status = self._post(said, token)
        if status == ACKNOWLEDGED:
            self.faults.append(f"was acknowledged: {said}")

    def _beat(self, sequence: int, intervals: list[tuple[int, int]]) -> dict[str, object]:
        jump = timedelta(days=self.random.choice([0, 0, -4000, 4000]))  # the client's clock decides nothing
        client_at = (datetime.now(UTC) + jump).isoformat()
        return {
            "sequence": sequence,
            "intervals": intervals,
            "rate": 1,
            "event": "tick",
            "client_at": client_at,
        }

    def _post(self, said: dict[str, object], token: str) -> int:
        """Return the answer's status; 0 when there was none."""
        self.sent += 1
        try:
            self.connection = self.connection or HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_S)
            self.connection.request("POST", f"/m/{token}/heartbeat", json.dumps(said))
            answer = self.connection.getresponse()
            answer.read()
        except (OSError, HTTPException):
            self.failed += 1
            self._hang_up()
            return 0
        self.failed += answer.status not in (ACKNOWLEDGED, *REFUSALS)
        return answer.status

    def _hang_up(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None

    def _sign(self, seed: bytes) -> str:
        """Return a grant of ten minutes, as subscriptions signs it."""
        now = datetime.now(UTC)
        grant = Grant(
            key_id=self.key_id,
            session_id=self.session_id,
            library_id=1,
            patron=self.session_id.hex,
            resource_id=1,
            package="ab" * 32,
            medium="book",
            source="web",
            max_age=None,
            duration_s=None,
            opened_at=self.opened_at,
            issued_at=now,
            expires_at=now + grants.MAX_LIFE,
        )
        return grants.sign(grant, seed=seed)
