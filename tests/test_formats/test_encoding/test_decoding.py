"""A text is read in the encoding that it was written in; where that is a guess, it is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.errors import FormatError
from formats.encoding.decoding import codec_of, decode, doubts

CHINESE = "关于召开防汛会议的通知。各县水务所：兹定于三月五日召开会议，请准时出席。青鹞水库工程验收。"
TRADITIONAL = "關於召開防汛會議的通知。各縣水務所：茲定於三月五日在澳門召開會議，請準時出席。青鷂碼頭工程驗收。"
JAPANESE = "会議の議事録。石橋ダムの建設について。公文書館の資料目録、昭和二十年の記録。"
KOREAN = "제방 공사 회의록. 평양. 이 문서는 수리 시설의 관리에 관한 보고서이다."
FRENCH = "Procès-verbal de la réunion : les travaux de la digue commenceront en février."


@given(st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: text.isascii() or max(text) > "\u07ff"))
def test_utf8_is_read_as_it_was_written(text: str) -> None:
    marked = text.startswith("\ufeff")
    assert decode(text.encode("utf-8")).text == (text[1:] if marked else text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gb2312", "gbk"])
@pytest.mark.parametrize("text", ["汛期水位", "通知", "2014年，共三份。\r\n", CHINESE])
def test_text_is_read_in_every_encoding_that_people_use(encoding: str, text: str) -> None:
    read = decode(text.encode(encoding))
    assert (read.text, list(doubts(read))) == (text, [])


@pytest.mark.parametrize(
    ("text", "codec", "named"),
    [
        (CHINESE, "utf-16-le", "UTF-16"),
        (CHINESE, "utf-16-be", "UTF-16"),
        (TRADITIONAL, "big5", "Big5"),
        (TRADITIONAL, "gb18030", "GB18030"),
        (JAPANESE, "shift_jis", "Shift_JIS"),
        (JAPANESE, "euc_jp", "EUC-JP"),
        (JAPANESE, "iso2022_jp", "ISO2022_JP_2"),
        (KOREAN, "euc_kr", "EUC-KR"),
        (FRENCH, "latin-1", "Windows-1252"),
        ("“Quoted” – and so on", "cp1252", "Windows-1252"),
        ("plain text without marks", "utf-16-le", "UTF-16"),
    ],
)
def test_encodings_are_told_apart_by_what_people_write(text: str, codec: str, named: str) -> None:
    read = decode(text.encode(codec))
    assert (read.text, read.encoding) == (text, named)
    assert {(found.code, found.severity) for found in doubts(read)} <= {("encoding-guessed", "note")}


@pytest.mark.parametrize("codec", ["big5", "shift_jis", "euc_kr"])
def test_a_few_letters_are_read_rightly_or_said_to_be_doubtful(codec: str) -> None:
    for text in {"big5": ["澳門", "臺灣"], "shift_jis": ["会議", "東京都"], "euc_kr": ["평양", "공사"]}[codec]:
        read = decode(text.encode(codec))
        assert read.text == text or read.rivals


@pytest.mark.parametrize("text", ["通知", "привет", "γειά", "école", "שלום"])
def test_two_letters_that_are_valid_utf8_by_chance_are_chinese_where_they_say_something(text: str) -> None:
    assert decode(text.encode("gb18030" if text == "通知" else "utf-8")).text == text


@pytest.mark.parametrize("rows", [1, 4, 40])
@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_points_in_codes_are_read_as_they_were_written(rows: int, codec: str) -> None:
    line = "Q012-WS·2006·Y·BGS-{:04},Minutes of May,m.txt,2 May 2006\n"
    text = "archival code,title,files,date\n" + "".join(line.format(row) for row in range(rows))
    read = decode(text.encode(codec))
    assert (read.text, read.rivals) == (text, ()), "though C2 B7, the point, is the letter 路 in GB18030"


@pytest.mark.parametrize(("cut", "codec"), [(-1, "utf-8"), (-1, "gb18030")])
def test_a_text_cut_inside_a_letter_is_read_and_told(cut: int, codec: str) -> None:
    read = decode((CHINESE + "水").encode(codec)[:cut])
    assert read.text.startswith(CHINESE)
    assert [found.code for found in doubts(read)] == ["encoding-broken"]


def test_a_guess_is_noted_and_what_is_usual_here_is_none() -> None:
    assert [found.code for found in doubts(decode(KOREAN.encode("euc_kr")))] == ["encoding-guessed"]
    assert list(doubts(decode(KOREAN.encode("euc_kr"), label="euc-kr"))) == []
    assert list(doubts(decode(CHINESE.encode("gb18030")))) == []


def test_a_label_is_believed_where_it_may_be_true() -> None:
    assert decode("喆堃镕".encode("gb18030"), label="gb2312").text == "喆堃镕"
    assert decode(CHINESE.encode("utf-8"), label="gb2312").text == CHINESE
    assert decode(TRADITIONAL.encode("big5"), label="gb2312").text == TRADITIONAL


@pytest.mark.parametrize(
    ("label", "codec"),
    [("GB2312", "gb18030"), ("x-gbk", "gb18030"), ('"Big5"', "big5hkscs"), ("iso-8859-1", "cp1252"), ("utf8", "utf-8")],
)
def test_labels_mean_what_people_mean(label: str, codec: str) -> None:
    assert codec_of(label) == codec


@pytest.mark.parametrize("label", ["", "no-such", "base64", "\0", "x" * 9000, "idna", "punycode"])
def test_a_label_that_means_nothing_breaks_nothing(label: str) -> None:
    assert decode(CHINESE.encode("gb18030"), label=label).text == CHINESE


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfe\x00", b"\x81", b"\xef\xbb\xbf\xff", b"\x00\x81\xff" * 9],
    ids=["half UTF-16", "half GBK", "a mark only", "zeros"],
)
def test_bytes_that_are_no_text_are_a_format_error(data: bytes) -> None:
    with pytest.raises(FormatError):
        decode(data)


@given(st.binary(max_size=200), st.text(max_size=12))
def test_any_bytes_are_a_text_or_a_format_error(data: bytes, label: str) -> None:
    try:
        decode(data, label=label)
    except FormatError as broken:
        assert str(broken)
