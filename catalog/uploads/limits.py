"""How much may be uploaded, and in what parts. Pure."""

from __future__ import annotations

MIB = 1024 * 1024
MAX_FILE_BYTES = 60_000_000_000
MAX_UPLOAD_BYTES = 100_000_000_000  # of all its files: what a delivery may have
MAX_FILES = 20_000
MAX_OPEN_UPLOADS = 20  # of a deliverer
PART_BYTES = 8 * MIB
MAX_PARTS = 10_000  # S3's
MAX_BATCH = 200  # files, or parts, in one request
ADDRESS_S = 30 * 60  # how long a part's address is good


def part_bytes_of(size_bytes: int) -> int:
    """Return the size of a file's parts: 8 MiB, more where there would be too many of them.

    100 GB / 10,000 parts -> 10 MiB.
    """
    least = -(-size_bytes // MAX_PARTS)
    return max(PART_BYTES, -(-least // MIB) * MIB)
