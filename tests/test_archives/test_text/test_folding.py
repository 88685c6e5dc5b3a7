"""Folding and bigrams: the folded query stands in the folded text, and the tokens say the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.text.folding import fold, folded_text, index_grams, phrase_of, places_of

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


@given(
    st.text(max_size=60)
    | WRITING
    | st.text(alphabet="档㈠ａA1-，\u2010。 \t\n\u3000·Ⅷ⺁é\u0301\u200bßΟㄱ가\u1161\xad\ufdd0\ufdd2", max_size=12)
)
def test_any_text_folds_and_offsets_lead_back(text: str) -> None:
    folded = fold(text)
    assert folded_text(text) == folded.text
    assert len(folded.text) == len(folded.offsets)
    assert list(folded.offsets) == sorted(folded.offsets)
    assert all(start < end <= len(text) for start, end in zip(folded.offsets, folded.ends, strict=True))
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
        ("\u2ed3江水位\u2ec5表", "长江水位", ["\u2ed3江水位"]),
        ("\u2f42\u4ef6\u2f6c录", "文件目录", ["\u2f42\u4ef6\u2f6c录"]),
        ("防\u200b汛值班", "防汛值班", ["防\u200b汛值班"]),
        ("葛\U000e0100城水库", "葛城", ["葛\U000e0100城"]),
        ("在葛\U000e0100。", "葛", ["葛\U000e0100"]),
        ("水\u200f利局", "水利", ["水\u200f利"]),
        ("\ufeff水利局", "水利", ["水利"]),
        ("pre\xadser\xadvation of", "preservation", ["pre\xadser\xadvation"]),
        ("Re\u0301publique", "république", ["Re\u0301publique"]),
        ("la République", "re\u0301publique", ["République"]),
        ("cafe\u0301 noir", "café", ["cafe\u0301"]),
        ("か\u3099っこう", "がっこう", ["か\u3099っこう"]),
        ("\u1112\u1161\u11ab글", "한글", ["\u1112\u1161\u11ab글"]),
        ("the preserva-\n  tion of", "preservation", ["preserva-\n  tion"]),
        ("the preserva\u2010\r\ntion of", "preservation", ["preserva\u2010\r\ntion"]),
        ("Smith-\nJones", "Smith Jones", ["Smith-\nJones"]),
        ("水-\nabc", "水 abc", ["水-\nabc"]),
        ("x\u0301\u0300y", "x\u0301\u0300y", ["x\u0301\u0300y"]),
    ],
)
def test_marks_stand_on_the_source(text: str, words: str, marked: list[str]) -> None:
    phrase = phrase_of(words)
    assert phrase is not None
    assert [text[start:end] for start, end in places_of(phrase, fold(text))] == marked


def test_nothing_to_look_for_is_no_phrase() -> None:
    assert phrase_of("") is None
    assert phrase_of("，。 ") is None


@given(st.text(max_size=40))
def test_what_is_not_seen_changes_nothing_that_is_found(text: str) -> None:
    unseen = "\u200b\ufe0f\u2060"
    assert fold(unseen.join(text)).text == fold("".join(one for one in text if one not in unseen)).text


@given(st.text(st.characters(codec="utf-8", categories=["L", "M"], max_codepoint=0x24F), max_size=30))
def test_letters_with_marks_are_found_whichever_way_they_are_written(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)).text == fold(unicodedata.normalize("NFC", text)).text
