"""Captions from outside: what can be read, what is named, and that nothing but words comes through."""

from __future__ import annotations

import pytest

from catalog.packaging import captions
from catalog.packaging.captions import BadCaptions, Cue

SRT = "1\n00:00:01,000 --> 00:00:03,000\nBonjour\n\n2\n00:01:00,5 --> x\nPerdu\n"
VTT = """WEBVTT - a title

NOTE a remark

STYLE
::cue { background: url(x) }

intro
00:05.000 --> 00:06.250 align:start onclick:1 line:10%
<v Ana>Il pleut.</v>
"""


def one(text: str) -> Cue:
    (cue,) = captions.read_captions(text.encode())
    return cue


def test_webvtt_keeps_harmless_settings_and_loses_styles_and_voices() -> None:
    assert one(VTT) == Cue(start_ms=5_000, end_ms=6_250, text="Il pleut.", settings=" align:start line:10%")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("<i>a</i> & <b>b</b>", "<i>a</i> &amp; <b>b</b>"),
        ("<font color=red>a</font>{\\an8}", "a"),
        ("<script>x</script>", "x"),
        ("1 < 2 --> 3", "1 &lt; 2 → 3"),
        ("&lt;img src=x onerror=y&gt;", "&lt;img src=x onerror=y&gt;"),
        ("<i onclick=x>a", "a"),
        ("\x01b\x02", "b"),
    ],
)
def test_only_slanted_bold_and_underlined_come_through(said: str, shown: str) -> None:
    assert one(f"1\n00:00:01,000 --> 00:00:02,000\n{said}\n").text == shown


def test_each_fault_has_its_line() -> None:
    with pytest.raises(BadCaptions) as fault:
        captions.read_captions((SRT + "\nno time\n\n3\n00:00:09,000 --> 00:00:08,000\nx\n").encode())
    assert [line for line, _message in fault.value.faults] == [6, 9, 12]
    assert "6" in fault.value.detail.splitlines()[0]


@pytest.mark.parametrize("data", [b"", b"WEBVTT\n", b"\x00\x01\x02", b"x" * (captions.MAX_BYTES + 1)])
def test_what_holds_no_captions_is_refused(data: bytes) -> None:
    with pytest.raises(BadCaptions):
        captions.read_captions(data)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_old_encodings_are_read(encoding: str) -> None:
    text = "1\r\n00:00:01,000 --> 00:00:02,000\r\nÉté à la forêt\r\n"
    assert captions.read_captions(text.encode(encoding))[0].text == "Été à la forêt"


def test_what_was_written_is_read_again_as_it_was() -> None:
    cues = captions.read_captions(b"1\n01:00:01,007 --> 01:00:02,000\n<i>a</i> &amp; b\n")
    written = captions.write_vtt(cues)
    assert "01:00:01.007 --> 01:00:02.000\n<i>a</i> &amp; b\n" in written
    assert captions.read_captions(written.encode()) == cues
