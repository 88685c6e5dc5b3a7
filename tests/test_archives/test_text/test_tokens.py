"""Tokens of words, of their forms and of what is said under names; English spellings and endings."""

import pytest

from archives.text.folding import fold, places_of
from archives.text.tokens import any_form_of, index_tokens, named
from archives.text.word_forms import form_of


@pytest.mark.parametrize(
    "words",
    [
        "dredge dredging dredged dredges",
        "harbour harbor harbours harboring",
        "organise organize organised organisation organization",
        "travelled traveled travelling",
        "catalogue catalog cataloguing catalogued catalogs",
        "centre center centres centred",
        "analyse analyze analysing",
        "programme program programmes",
        "neighbourhood neighborhood",
        "manoeuvre maneuver manoeuvred",
        "city cities",
        "defence defense",
    ],
)
def test_forms_and_spellings_of_a_word_are_one(words: str) -> None:
    assert len({form_of(word) for word in words.split()}) == 1


@pytest.mark.parametrize(
    ("word", "other"), [("hour", "hor"), ("four", "for"), ("university", "universe"), ("news", "new")]
)
def test_other_words_stay_others(word: str, other: str) -> None:
    assert form_of(word) != form_of(other)


def test_forms_and_what_is_said_under_names_stand_behind_what_stands() -> None:
    assert index_tokens("Dredging 石桥 12b", [("†", "石桥"), ("‡", "bridges")]) == [
        *("dredging", "石桥", "桥", "12b", "≈dredg"),
        *("†石桥", "†桥", "‡bridges", "‡≈bridg"),
    ]


def test_the_form_of_a_word_is_marked_wherever_a_word_has_it_and_nowhere_else() -> None:
    text, phrase = "Dredgers dredged a harbour; “Dredge”, 疏浚dredging。undredged", any_form_of("dredges")
    assert phrase is not None
    assert [text[a:b] for a, b in places_of(phrase, fold(text))] == ["dredged", "Dredge", "dredging"]
    assert named("†", phrase).tokens == ("†≈dredg",)


@pytest.mark.parametrize("words", ["石桥", "12b", "of", "co-operation", "Привет"])
def test_what_is_no_english_word_has_no_forms(words: str) -> None:
    phrase = any_form_of(words)
    assert phrase is not None
    assert not phrase.form


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Café Müller", "cafe muller"),
        ("Łódź Straße", "lodz strasse"),
        ("naïve œuvre", "naive oeuvre"),
        ("Đặng", "dang"),
    ],
)
def test_letters_without_their_marks_find_those_with_them(text: str, words: str) -> None:
    assert fold(text).text == words


@pytest.mark.parametrize(("text", "other"), [("й", "и"), ("が", "か"), ("각", "가")])
def test_letters_that_their_marks_make_others_keep_them(text: str, other: str) -> None:
    assert fold(text).text != fold(other).text
