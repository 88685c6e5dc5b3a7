"""Captions are read for what is said and when, and written anew with nothing of what a file has beside."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.text.cues import read_cues, webvtt_of, words_of

WEBVTT = """WEBVTT - 某单位内部

STYLE
::cue { background: url(https://elsewhere.example/x) }

NOTE 内部备注
不公开

1
00:00.500 --> 00:02.000 position:10% align:start
<v 王工>石桥水库水位 <b>12.4</b> 米 &amp; 上涨</v>
<c.yellow>请注意</c>

00:59:59.000 --> 01:00:01.250
Evacuate <00:59:59.500>now
"""
SUBRIP = """1\r
00:00:00,500 --> 00:00:02,000\r
石桥水库\r
\r
2\r
00:00:02,500 --> 00:00:04,000\r
<i>请各队上堤</i>\r
"""


def said(text: str) -> list[tuple[int, int, list[str]]]:
    """Return the cues of a text, each with its lines."""
    return [(cue.begin_ms, cue.end_ms, [words_of(text, line) for line in cue.lines]) for cue in read_cues(text)]


def test_cues_have_their_times_their_speakers_and_their_words() -> None:
    assert said(WEBVTT) == [
        (500, 2000, ["王工：石桥水库水位 12.4 米 & 上涨", "请注意"]),
        (3_599_000, 3_601_250, ["Evacuate now"]),
    ]
    assert said(SUBRIP) == [(500, 2000, ["石桥水库"]), (2500, 4000, ["请各队上堤"])]
    assert [cue.begin for cue in read_cues(WEBVTT)] == ["0:00:00", "0:59:59"]


def test_what_is_written_anew_has_times_and_words_alone() -> None:
    assert webvtt_of(WEBVTT, read_cues(WEBVTT)) == (
        "WEBVTT\n\n00:00:00.500 --> 00:00:02.000\n王工：石桥水库水位 12.4 米 &amp; 上涨\n请注意\n\n"
        "00:59:59.000 --> 01:00:01.250\nEvacuate now\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "WEBVTT",
        "WEBVTTX\n\n00:00.000 --> 00:01.000\n甲",
        "会议记录\n\n00:00.000 --> 00:01.000\n甲",
        "1\n第一条",
        "1986",
        "WEBVTT\n\n00:02.000 --> 00:01.000\n甲",
        "WEBVTT\n\n00:00.000 --> 00:01.000\n<b></b>\n",
        "WEBVTT\n\n00:00.0 --> 00:01.000\n甲",
    ],
)
def test_what_is_no_caption_file_or_says_nothing_has_no_cues(text: str) -> None:
    assert read_cues(text) == ()


@given(st.lists(st.text("甲a1<>&;#/v \n\r-:.,\ufeff\x00", max_size=40), max_size=6))
def test_whatever_is_said_is_read_back_from_what_is_written_anew(words: list[str]) -> None:
    text = "WEBVTT\n\n" + "\n\n".join(f"00:00:0{n}.000 --> 00:00:0{n + 1}.000\n{one}" for n, one in enumerate(words))
    anew = webvtt_of(text, read_cues(text))
    assert said(anew) == said(text)
    times = r"\d{2,}:\d\d:\d\d\.\d{3} --> \d{2,}:\d\d:\d\d\.\d{3}"
    block = rf"{times}\n(?:(?![^\n]*-->)[^\n<>]+\n)+"
    assert re.fullmatch(rf"WEBVTT\n(?:\n{block})*", anew)
