"""Folding and bigrams: the folded query stands in the folded text, and the tokens say the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.text.folding import fold, index_grams, phrase_of, places_of

WRITING = st.text(alphabet="防汛通知档檔案馆馆3月份第5号令ab AB１，。\n 𠀀〇", max_size=40)


def stands_in(needle: list[str] | tuple[str, ...], grams: list[str], *, open_end: bool) -> bool:
    """Say whether tokens follow one another, the last perhaps only begun: what every index does."""
    size = len(needle)
    for start in range(len(grams) - size + 1):
        window = grams[start : start + size]
        if window[:-1] == list(needle[:-1]) and (
            window[-1].startswith(needle[-1]) if open_end else window[-1] == needle[-1]
        ):
            return True
    return False


@given(WRITING, WRITING)
def test_tokens_find_what_stands_in_the_text(text: str, words: str) -> None:
    phrase = phrase_of(words)
    if phrase is None:
        return
    folded = fold(text)
    if places_of(phrase, folded):
        assert stands_in(phrase.tokens, index_grams(folded.text), open_end=phrase.open_end)


@given(st.text(max_size=60))
def test_any_text_folds_and_offsets_lead_back(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.offsets)
    assert list(folded.offsets) == sorted(folded.offsets)
    assert all(0 <= place < len(text) for place in folded.offsets)


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("关于防汛的通知", "防汛", ["防汛"]),
        ("檔案館", "档案馆", ["檔案館"]),
        ("档案", "檔案", ["档案"]),
        ("防\n汛", "防汛", ["防\n汛"]),
        ("３月份的", "3月", ["３月"]),
        ("第5号令", "5号", ["5号"]),
        ("第15号令", "5号", []),
        ("一九八〇年", "一九八零年", ["一九八〇年"]),
        ("Flood REPORT", "report", ["REPORT"]),
        ("reporter", "report", []),
        ("防汛，抗旱", "防汛。抗旱", ["防汛，抗旱"]),
        ("防汛", "汛", ["汛"]),
        ("𠀀𠀁", "𠀀𠀁", ["𠀀𠀁"]),
        ("天地", "地玄", []),
    ],
)
def test_marks_stand_on_the_source(text: str, words: str, marked: list[str]) -> None:
    phrase = phrase_of(words)
    assert phrase is not None
    assert [text[start:end] for start, end in places_of(phrase, fold(text))] == marked


def test_nothing_to_look_for_is_no_phrase() -> None:
    assert phrase_of("") is None
    assert phrase_of("，。 ") is None
