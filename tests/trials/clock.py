"""A machine's clock that jumps: the real system call, faked by libfaketime for every process of the trial's platform.

libfaketime comes with Debian's package of that name or with PyPI's (which compiles it); without it clocks go on as they
are, and the trial says so. Monotonic clocks are left alone, as by a machine whose time is set.
"""

from __future__ import annotations

import importlib.util
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

PLACES = ("/usr/lib/*/faketime/libfaketime.so.1", "/usr/local/lib/faketime/libfaketime.so.1")
READ_EVERY_S = 1
JUMPS = ("+10m", "-20m", "+45m", "-45m", "+6h", "-5m", "+1d", "+0")


@dataclass(frozen=True, slots=True)
class Clock:
    """What processes started with `environment` take for the time: the machine's, and what the file adds to it."""

    library: Path
    offset: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(self.library),
            "FAKETIME_TIMESTAMP_FILE": str(self.offset),
            "FAKETIME_CACHE_DURATION": str(READ_EVERY_S),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }

    def jump(self, by: str) -> None:
        """Set the clock apart from the machine's, by `+45m` or `-20m`; it holds for all within two seconds."""
        fresh = self.offset.with_suffix(".new")
        fresh.write_text(f"{by}\n", "ascii")
        fresh.chmod(0o644)
        fresh.replace(self.offset)

    def settle(self) -> None:
        """Let the clock be the machine's again, and wait until all know."""
        self.jump("+0")
        time.sleep(2 * READ_EVERY_S + 1)


def find_clock(folder: Path) -> Clock | None:
    """Return a clock whose files are in the folder; None where libfaketime is not installed."""
    found = _find_library()
    if found is None:
        return None
    library = folder / "libfaketime.so.1"
    shutil.copy(found, library)
    library.chmod(0o755)  # PostgreSQL loads it too, as another user
    clock = Clock(library, folder / "clock")
    clock.jump("+0")
    return clock


def _find_library() -> Path | None:
    if spec := importlib.util.find_spec("libfaketime"):
        for place in spec.submodule_search_locations or ():
            for library in sorted(Path(place).rglob("libfaketime.so.1")):
                return library
    for pattern in PLACES:
        for library in sorted(Path("/").glob(pattern.lstrip("/"))):
            return library
    return None
