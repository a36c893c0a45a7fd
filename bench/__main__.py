"""`python -m bench [NAME ...]`: run one or all of the measurements."""

from __future__ import annotations

import sys
from importlib import import_module

NAMES = ("cct", "ingest", "listening", "search", "streaming", "usage")

names = [word for word in sys.argv[1:] if not word.startswith("-")][:1] or list(NAMES)
options = [word for word in sys.argv[1:] if word not in names]
for name in names:
    if name not in NAMES:
        sys.exit(f"No measurement {name}: choose one of {', '.join(NAMES)}")
    import_module(f"bench.{name}").main(options)
