"""Whether a recording or a film is all there: what its head announces against what follows.

Nothing is decoded: packets are counted, or the size of a chunk or page is compared with the file's.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO

import av
import mutagen
from mutagen.mp3 import MP3, BitrateMode

MISSING_S = 0.5
COUNTED = frozenset({"audio/flac", "audio/mp4", "audio/mpeg", "video/mp4", "video/x-matroska"})  # by packets
RIFF_HEAD, CHUNK_HEAD = 12, 8
UNKNOWN_SIZES = frozenset({0, 0xFFFFFFFF})  # written by programs that could not go back to the head
PAGE_HEAD, LARGEST_PAGE = 27, 65_307


def ends_early(path: Path, *, content_type: str) -> bool:
    """Tell whether a file ends before its head says so. False for kinds that announce no length."""
    if content_type == "audio/wav":
        end = find_riff_end(path)
        return end is not None and end > path.stat().st_size
    if content_type == "audio/ogg":
        return _is_last_page_cut(path)
    if content_type == "audio/mpeg" and not _is_length_announced(path):
        return False  # ffmpeg guesses it from the first frames
    return content_type in COUNTED and _is_less_heard_than_said(path)


def find_riff_end(path: Path) -> int | None:
    """Return where the samples of a WAV end by its head, in bytes; None where it does not say."""
    with path.open("rb") as file:
        if file.read(RIFF_HEAD)[:4] != b"RIFF":
            return None
        while len(head := file.read(CHUNK_HEAD)) == CHUNK_HEAD:
            size = int.from_bytes(head[4:], "little")
            if head[:4] == b"data":
                return None if size in UNKNOWN_SIZES else file.tell() + size
            file.seek(size + size % 2, 1)
    return None


def _is_last_page_cut(path: Path) -> bool:
    """Tell whether an Ogg's last page is longer than what is left of the file (RFC 3533, 6)."""
    with path.open("rb") as file:
        tail = _read_tail(file, path.stat().st_size)
    at = tail.rfind(b"OggS\0")
    if at < 0 or len(tail) < at + PAGE_HEAD:
        return at >= 0
    count = tail[at + PAGE_HEAD - 1]
    sizes = tail[at + PAGE_HEAD : at + PAGE_HEAD + count]
    return len(sizes) < count or at + PAGE_HEAD + count + sum(sizes) > len(tail)


def _read_tail(file: IO[bytes], size_bytes: int) -> bytes:
    file.seek(max(0, size_bytes - 2 * LARGEST_PAGE))
    return file.read()


def _is_length_announced(path: Path) -> bool:
    """Tell whether an MP3 has a head of its own that counts its frames (Xing, Info, VBRI)."""
    try:
        info = MP3(path).info  # type: ignore[no-untyped-call]  # mutagen's
    except mutagen.MutagenError:
        return False
    return getattr(info, "bitrate_mode", BitrateMode.UNKNOWN) != BitrateMode.UNKNOWN


def _is_less_heard_than_said(path: Path) -> bool:
    with av.open(str(path), metadata_errors="replace") as container:
        streams = [one for one in container.streams if one.type in {"audio", "video"}]
        said = {
            one.index: float(one.duration * one.time_base)
            for one in streams
            if one.duration and one.time_base and not _is_picture(one)
        }
        heard = dict.fromkeys(said, 0.0)
        longest = 0.0
        try:
            for packet in container.demux(streams):
                if packet.pts is None or not packet.time_base:
                    continue
                end = float((packet.pts + (packet.duration or 0)) * packet.time_base)
                longest = max(longest, end)
                if packet.stream.index in heard:
                    heard[packet.stream.index] = max(heard[packet.stream.index], end)
        except av.FFmpegError:
            return True
        if said:
            return any(heard[index] + MISSING_S < length for index, length in said.items())
        return bool(container.duration) and longest + MISSING_S < (container.duration or 0) / av.time_base


def _is_picture(stream: av.stream.Stream) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)
