"""Which qualities a film is made in. Pure."""

from __future__ import annotations

from dataclasses import dataclass

STEPS = ((240, 400), (480, 1_200), (720, 2_800), (1_080, 5_000))  # height, highest kbit/s of the picture
SOUND_STEPS = ((400, 64), (1_200, 128), (5_000, 192))  # up to so much of the picture, kbit/s of the sound
LEAST_RATIO = 1.2  # an original so much higher than the step under it gets a step of its own height


@dataclass(frozen=True, slots=True)
class Step:
    """A quality: the picture's height in lines, and the most that it may take."""

    height: int
    kbit: int


def steps_for(height: int) -> list[Step]:
    """Return the steps of an original, the lowest first: none is higher than it is, nor than 1,080 lines.

    360 lines: 240 and 360 (800 kbit/s); 1,080: 240, 480, 720 and 1,080; 4,320: the same; 160: 160.
    """
    steps = [Step(lines, kbit) for lines, kbit in STEPS if lines <= height]
    if height < STEPS[0][0]:
        return [Step(max(2, height // 2 * 2), STEPS[0][1])]
    top = steps[-1]
    if top.height < STEPS[-1][0] and height >= LEAST_RATIO * top.height:
        above, kbit = next(step for step in STEPS if step[0] > top.height)
        part = (height - top.height) / (above - top.height)
        steps.append(Step(height // 2 * 2, round(top.kbit + part * (kbit - top.kbit))))
    return steps


def sound_kbit(step: Step, *, is_highest: bool) -> int:
    """Return what the sound beside a quality takes: a picture of 400 kbit/s is not carried by 192 of sound.

    400 -> 64; 1,200 -> 128; 2,800 -> 192. The highest quality of a film has 128 at least.
    """
    found = next(kbit for most, kbit in SOUND_STEPS if step.kbit <= most)
    return max(found, SOUND_STEPS[1][1]) if is_highest else found
