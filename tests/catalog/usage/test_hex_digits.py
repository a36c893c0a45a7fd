"""Ranks of pseudonyms are those of their texts."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.usage import hex_digits

HALF = st.sampled_from(["0" * 16, "f" * 16, "0123456789abcdef", "0123456789abcdee"])
TEXT = st.one_of(st.tuples(HALF, HALF).map("".join), st.binary(min_size=16, max_size=16).map(bytes.hex))


@given(st.lists(TEXT, min_size=1, max_size=40))
def test_ranks_are_in_the_order_of_the_texts(texts: list[str]) -> None:
    found = hex_digits.rank(pa.array(texts, pa.string()))
    assert found is not None
    places = {text: place for place, text in enumerate(sorted(set(texts)))}
    assert found.tolist() == [places[text] for text in texts]


def test_a_part_of_an_array_is_ranked_by_itself() -> None:
    texts = pa.array([f"{number:032x}" for number in (9, 3, 7, 3)])
    found = hex_digits.rank(texts.slice(1, 3))
    assert found is not None
    assert found.tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    "texts",
    [[], ["ab"], ["AB" * 16], ["g0" * 16], ["ab" * 16, "ab" * 15], ["ab" * 16, None], ["é" + "a" * 30]],
)
def test_what_is_no_pseudonym_is_not_ranked(texts: list[str | None]) -> None:
    assert hex_digits.rank(pa.array(texts, pa.string())) is None
