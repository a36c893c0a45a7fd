"""Two ways to the same platform: granian alone, and nginx by `granted.conf` before a granian of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from mediaplatform.infrastructure.embedded import processes, run
from mediaplatform.infrastructure.embedded.nginx import Nginx
from tests.live import LiveStack


@contextmanager
def nginx_before(stack: LiveStack) -> Iterator[str]:
    """Run nginx, and a web server behind it, beside a running platform; yield where its pages are."""
    port, games, app = processes.free_ports(3)
    site_url = f"http://localhost:{port}"
    environment = stack.environment | {
        "SITE_URL": site_url,
        "GAMES_URL": f"http://127.0.0.1:{games}",
        "STREAM_DELIVERY_URL": "nginx:/_objects",
        "BEHIND_PROXY": "1",
    }
    nginx = Nginx(
        folder=stack.place.var / "nginx",
        site_port=port,
        games_port=games,
        app=f"127.0.0.1:{app}",
        object_store_url=environment["OBJECT_STORE_URL"],
        is_granted=True,
    )
    children = [run.start_web("web-behind-nginx", app, environment, stack.place.logs)]
    try:
        children.append(nginx.start())
        yield site_url
    finally:
        processes.stop(reversed(children))
