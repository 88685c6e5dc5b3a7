"""What a person types, as terms: what divides them, what keeps together, what is a code, a document number, a year."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.text.folding import folded_text, has_forms
from archives.text.word_forms import form_of
from search.index.document import Field
from search.index.language.english import IRREGULAR
from search.index.language.terms import LONGEST_QUERY, MOST_TERMS, Term, parse_terms, terms_left_out
from tests.support.corpora import naughty_strings


def tokens(words: str) -> list[str]:
    """Return the tokens of each term, the first of its phrases; what must not stand begins with a hyphen."""
    terms = parse_terms(words)
    return ["-" * one.is_unwanted + " ".join(one.phrases[0].tokens) for one in terms if one.phrases]


def only(words: str) -> Term:
    """Return the one term of some words."""
    (term,) = parse_terms(words)
    return term


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("防汛 水库，抗旱；大坝、渠。闸", ["防汛", "水库", "抗旱", "大坝", "渠", "闸"]),
        ("１，０００", ["1 000"]),
        ('"防汛，抗旱"', ["防汛 汛 抗旱"]),
        ("“防汛 抗旱”石桥「水库」『大坝』", ["防汛 汛抗 抗旱", "石桥", "水库", "大坝"]),
        ('石桥"水库大坝', ["石桥", "水库 库大 大坝"]),
        ("防汛 -水库 －大坝", ["防汛", "-水库", "-大坝"]),
        ('防汛 -"石桥 水库" -「大坝」', ["防汛", "-石桥 桥水 水库", "-大坝"]),
        ("X001-2 土-石 a - b --c", ["x001 2", "土 石", "a", "b", "c"]),
        ("J019 -1986", ["j019", "-1986"]),
        ("防汛 —水库 –大坝 −渠", ["防汛", "-水库", "-大坝", "-渠"]),
        ("防汛 ——水库 报告—水库", ["防汛", "水库", "报告 告 水库"]),
        ("防汛 防汛 -防汛", ["防汛", "-防汛"]),
        ("，。 - ?", []),
    ],
)
def test_blanks_and_commas_divide_quotes_keep_together_and_a_hyphen_before_a_word_excludes(
    words: str, told: list[str]
) -> None:
    assert tokens(words) == told


@pytest.mark.parametrize(
    "words",
    [
        "粤办函〔2014〕524号",
        "粤办函[2014]524号",
        "粤办函(2014)524号",
        "粤办函（２０１４）５２４号",
        "粤办函【2014】524号",
        "粤办函2014 524号",
        "粤办函 〔2014〕 第 524 号",
        "粵辦函〔2014〕524號",
    ],
)
def test_a_document_number_is_one_term_in_whatever_brackets(words: str) -> None:
    phrases = only(words).phrases
    assert [phrase.tokens for phrase in phrases[:2]] == [
        ("粤办", "办函", "函", "2014", "524", "号"),
        ("粤办", "办函", "函", "2014", "第", "524", "号"),
    ]
    assert phrases == only("粤办函〔2014〕524号").phrases


@pytest.mark.parametrize("words", ["建字114号", "建字第114号", "建字 第 114 號", "建字第１１４号"])
def test_a_document_number_without_a_year_is_found_with_and_without_its_ordinal(words: str) -> None:
    phrases = only(words).phrases
    assert [phrase.tokens for phrase in phrases[:2]] == [
        ("建字", "字", "114", "号"),
        ("建字", "字第", "第", "114", "号"),
    ]
    assert phrases == only("建字114号").phrases


@pytest.mark.parametrize(
    "ways",
    [
        "304 三〇四 三○四 三零四 三百零四 三百〇四 叁零肆 叁佰零肆",
        "17 十七 一十七 一七 拾柒 壹拾柒",
        "10 十 一〇",
        "20 二十 廿 二〇",
        "31 三十一 卅一 三一",
        "110 一百一十 一一〇",
        "2000 二千 二〇〇〇 贰仟",
        "1010 一千零一十 一〇一〇",
        "12345 一二三四五",
        "5 五 伍",
        "04 〇四",
    ],
)
def test_the_number_of_a_document_is_looked_for_in_whatever_numerals_it_was_typed(ways: str) -> None:
    every = [frozenset(only(f"建字第{number}号").phrases) for number in ways.split()]
    assert all(one == every[0] for one in every)
    folded = {phrase.folded for phrase in every[0]}
    assert {folded_text(f"建字{number}号") for number in ways.split()} <= folded


def test_the_year_of_a_document_number_is_looked_for_in_whatever_numerals_it_was_typed() -> None:
    typed = [f"浦政发〔{year}〕{number}号" for year in ("1984", "一九八四") for number in ("17", "十七", "第十七")]
    every = [frozenset(only(words).phrases) for words in typed]
    assert all(one == every[0] for one in every)
    assert only("浦政发〔八四〕17号").phrases[-1] in only("浦政发〔84〕17号").phrases
    assert len(every[0]) <= 36


def test_a_number_with_other_zeros_or_another_value_is_another_document() -> None:
    of = {number: set(only(f"建字{number}号").phrases) for number in ("4", "04", "14", "40", "104", "1004")}
    for number, phrases in of.items():
        assert not any(phrases & others for other, others in of.items() if other != number)


@pytest.mark.parametrize(
    ("words", "as_typed"),
    [
        ("浦政发1984年30号", "浦政发〔1984〕30号"),
        ("浦政发1984年第 30 號", "浦政发〔1984〕30号"),
        ("浦政发１９８４年３０号", "浦政发〔1984〕30号"),
        ("浦政发1984年三十号", "浦政发〔1984〕三十号"),
        ("浦政一九五六年三号", "浦政〔一九五六〕三号"),
        ("浦政发二〇〇三年三号", "浦政发〔二〇〇三〕三号"),
        ("1984年30号", "〔1984〕30号"),
    ],
)
def test_a_year_that_is_said_is_one_in_brackets_or_stands_as_it_was_typed(words: str, as_typed: str) -> None:
    folded = [phrase.folded for phrase in only(words).phrases]
    assert folded[0] == folded_text(as_typed)
    assert folded_text(words) in folded


def test_only_what_ends_with_its_number_is_a_document_number_whose_year_is_said() -> None:
    for words in ("关于1984年5号台风的报告", "1984年3月5号", "一九五六年三月十号", "在一九五六年三号楼"):
        assert only(words).phrases[0].folded == folded_text(words)
    assert tokens("浦政发1984年30号文件，浦政1956年3号")[1:] == ["文件", "浦政 政 1956 3 号"]
    assert [one.said for one in parse_terms("浦政发 1984年30号")] == ["浦政发", "1984年30号"]
    assert tokens("防汛 -浦政1956年3号") == ["防汛", "-浦政 政 1956 3 号"]


def test_a_year_that_a_blank_divides_from_a_word_makes_no_document_number() -> None:
    assert tokens("防汛 1954 12号") == ["防汛", "1954", "12 号"]


@pytest.mark.parametrize(
    "words",
    [
        "Z109-WS·2011-Y-BGS-0001",
        "Z109-WS.2011.Y.BGS-0001",
        "Ｚ１０９—ＷＳ・２０１１－Ｙ－ＢＧＳ－０００１",
        "z109/ws/2011/y/bgs/0001",
        "Z109 WS 2011 Y BGS 0001",
        "Z109 - WS · 2011 — Y - BGS - 0001",
        "Z109_WS_2011_Y_BGS_0001",
    ],
)
def test_an_archival_code_is_one_term_with_whatever_stands_between_its_parts(words: str) -> None:
    assert only(words).phrases[0].tokens == ("z109", "ws", "2011", "y", "bgs", "0001")


@pytest.mark.parametrize("words", ["M001-1-12", "M001 1 12", "m001-001-0012", "M001·01·000012"])
def test_the_last_two_numbers_of_a_code_are_found_with_other_zeros_before_them(words: str) -> None:
    tokens_of = {phrase.tokens for phrase in only(words).phrases}
    assert {("m001", "1", "12"), ("m001", "1", "0012"), ("m001", "001", "012"), ("m001", "01", "0012")} <= tokens_of
    assert len(tokens_of) <= 24
    assert ("m001", "1", "120") not in tokens_of


@pytest.mark.parametrize("words", ["K033 防汛 1954", "A4 map 1986", "J019 1986"])
def test_words_beside_a_number_are_no_code(words: str) -> None:
    assert len(parse_terms(words)) == len(words.split())


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("1986", 19860101, 19861231),
        ("1986年", 19860101, 19861231),
        ("１９８６年度", 19860101, 19861231),
        ("一九八六年", 19860101, 19861231),
        ("民国三十五年", 19460101, 19461231),
        ("民國35年", 19460101, 19461231),
        ("1986年5月", 19860501, 19860531),
        ("1950年代", 19500101, 19591231),
    ],
)
def test_a_date_is_a_word_or_the_days_that_it_means(words: str, first: int, last: int) -> None:
    term = only(words)
    assert term.phrases
    assert term.days is not None
    assert (term.days.first, term.days.last, term.days.is_range) == (first, last, False)


@pytest.mark.parametrize(
    "words",
    ["1956.5.12", "1956/5/12", "1956-5-12", "1956．5．12", "1956－05－12", "1956.05.12", "19560512", "1956年5月12日"],
)
def test_a_day_in_figures_is_the_day_and_looked_for_however_it_is_written(words: str) -> None:
    term = only(words)
    assert term.days is not None
    assert (term.days.first, term.days.last, term.days.is_range) == (19560512, 19560512, False)
    folded = [phrase.folded for phrase in term.phrases]
    assert folded[0] == folded_text(words)
    assert {"1956 5 12", "1956 05 12", "1956年5月12日", "一九五六年五月十二日"} <= set(folded)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("1950.10.1", "一九五零年十月一日"),
        ("1950.11.10", "一九五零年十一月十日"),
        ("1950.2.20", "一九五零年二月二十日"),
        ("1950-12-31", "一九五零年十二月三十一日"),
    ],
)
def test_a_day_in_figures_is_looked_for_as_it_is_said(words: str, said: str) -> None:
    assert said in [phrase.folded for phrase in only(words).phrases]


@pytest.mark.parametrize("words", ["1956.5", "1956/05", "1956-05", "1956．5"])
def test_a_month_in_figures_is_the_days_of_it(words: str) -> None:
    term = only(words)
    assert term.days is not None
    assert (term.days.first, term.days.last, term.days.is_range) == (19560501, 19560531, False)
    assert [phrase.folded for phrase in term.phrases] == [folded_text(words), "1956年5月"]


@pytest.mark.parametrize("words", ["1956.5.12-1956.6.3", "1956-05-12至1956-06-03", "1956/5/12—1956/6/3"])
def test_a_range_in_figures_is_no_word(words: str) -> None:
    term = only(words)
    assert term.phrases == ()
    assert term.days is not None
    assert (term.days.first, term.days.last, term.days.is_range) == (19560512, 19560603, True)


@pytest.mark.parametrize(
    "words",
    [
        "1986-1990",
        "1986－1990年",
        "1986—1990",
        "1986～1990",
        "1986年至1990年",
        "1986 - 1990",
        "1990-1986",
        "1986年-1990年",
        "1986..1990",
        "1986...1990",
        "1986……1990年",
        "1986 .. 1990",
    ],
)
def test_a_range_of_years_is_no_word(words: str) -> None:
    term = only(words)
    assert term.phrases == ()
    assert term.days is not None
    assert (term.days.first, term.days.last, term.days.is_range) == (19860101, 19901231, True)


def test_years_of_an_era_have_a_range_too() -> None:
    days = only("民国三十五年至三十七年").days
    assert days is not None
    assert (days.first, days.last, days.is_range) == (19460101, 19481231, True)


@pytest.mark.parametrize(
    "words",
    ["0524", "三年", "2000年报", '"1986"', "1986-19", "十年", "9999", "1956.2.30", "1956.13.1", "1956-5", "12345678"],
)
def test_what_is_no_date_is_a_word(words: str) -> None:
    assert only(words).days is None


def test_english_words_are_looked_for_in_all_their_forms_and_quoted_ones_as_they_stand() -> None:
    assert tokens("dredging harbours café") == ["≈dredg", "≈harbor", "≈cafe"]
    assert tokens('"dredging" co-operation B12 of') == ["dredging", "co operation", "b12", "of"]


@pytest.mark.parametrize(
    ("words", "forms"),
    [
        ("child", "≈child ≈children"),
        ("Children", "≈children ≈child"),
        ("woman", "≈woman ≈women"),
        ("mice", "≈mice ≈mous"),
        ("chairmen", "≈chairmen ≈chairman"),
        ("wrote", "≈wrote ≈write ≈written"),
        ("built", "≈built ≈build"),
        ("building", "≈build"),
        ("Xiamen", "≈xiamen"),
        ("people", "≈peopl"),
        ("found", "≈found"),
    ],
)
def test_forms_that_no_ending_tells_are_looked_for_beside(words: str, forms: str) -> None:
    assert [" ".join(phrase.tokens) for phrase in only(words).phrases] == forms.split()


def test_words_that_no_ending_brings_together_are_each_in_one_row_alone() -> None:
    for word, forms in IRREGULAR.items():
        assert word in forms
        assert all(IRREGULAR[one] == forms and has_forms(one) for one in forms)
        assert len({form_of(one) for one in forms}) == len(forms), "else the ending tells it"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("reorganise", ["re-organised", "Re-organisation", "re-organizing"]),
        ("reorganize", ["re-organised", "re organisation"]),
        ("re-organisation", ["reorganised", "reorganize", "re-organised", "re organization"]),
        ("cooperation", ["Co-operation", "co-operate", "co-operative"]),
        ("cooperate", ["Co-operation", "co-operated"]),
        ("co-operated", ["cooperation", "Co-operation"]),
        ("reopened", ["re-open", "re-opening"]),
        ("re-opened", ["reopening", "re-open"]),
        ("reexamine", ["re-examination", "re-examined"]),
        ("preoccupied", ["pre-occupy"]),
        ("water-works", ["waterworks", "water works", "water-work"]),
        ("North-East", ["northeast", "north east"]),
    ],
)
def test_a_word_is_found_in_two_with_a_hyphen_and_one_with_a_hyphen_in_one(words: str, found: list[str]) -> None:
    folded, forms = {one.folded for one in only(words).phrases}, {one.form for one in only(words).phrases}
    for text in found:
        assert folded_text(text) in folded or form_of(folded_text(text)) in forms, text
    assert len(folded) <= 18


@pytest.mark.parametrize(
    "words", ["report", "coal", "recover", "reuse", '"cooperation"', '"co-operation"', "up-to-date"]
)
def test_no_word_is_divided_that_may_as_well_be_two(words: str) -> None:
    assert len(only(words).phrases) == 1


def test_a_field_has_words_of_its_own_and_no_dates() -> None:
    terms = parse_terms('1986 "石桥" -dredging', Field.TITLE)
    assert [(one.phrases[0].tokens, one.days, one.is_unwanted) for one in terms] == [
        (("†1986",), None, False),
        (("†石桥",), None, False),
        (("†≈dredg",), None, True),
    ]


def test_no_words_are_refused_and_never_too_many_of_them_are_looked_for() -> None:
    for words in naughty_strings():
        assert len(parse_terms(words)) <= MOST_TERMS
    assert len(parse_terms(" ".join(map(str, range(2, 90))))) == MOST_TERMS
    assert parse_terms("。" * LONGEST_QUERY + "防汛") == ()


def test_what_is_not_looked_for_for_being_too_much_is_known() -> None:
    assert [one.said for one in terms_left_out("甲一 甲二 甲三 甲四 甲五 甲六 甲七 甲八 甲一 -甲九 “甲十 乙”")] == [
        "甲九",
        "“甲十 乙”",
    ]
    assert terms_left_out("甲一 甲二 甲三 甲四 甲五 甲六 甲七 甲八 。 甲一") == ()
    assert [one.said for one in terms_left_out("防" * (LONGEST_QUERY - 2) + " 通知 水库")] == ["通知", "水库"]
    assert parse_terms("防" * (LONGEST_QUERY - 2) + " 通知 水库")[1].said == "通"


@given(st.text(max_size=60) | st.text(alphabet='防汛函1986年-－~至"“”「」〔〕()号第 ,。aZ', max_size=40))
def test_any_text_is_read(words: str) -> None:
    assert all(term.phrases or term.days for term in parse_terms(words))
