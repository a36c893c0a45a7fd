"""What a page has told the play log, as its own requests say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Request, Response

PATIENCE_S = 120


def is_heartbeat(request: Request) -> bool:
    """Tell whether a request is a heartbeat."""
    return request.url.endswith("/heartbeat")


@contextmanager
def acknowledged(page: Page, event: str) -> Iterator[None]:
    """Wait until the platform has taken the heartbeat of what is done meanwhile, such as `pause`.

    They leave a page one after the other: with it, whatever the page had to tell before has been taken too.
    """

    def is_it(answer: Response) -> bool:
        asked = answer.request
        return (
            is_heartbeat(asked)
            and answer.status == 202
            and (asked.post_data_json or {}).get("event") == event
        )

    with page.expect_response(is_it, timeout=PATIENCE_S * 1000):
        yield
