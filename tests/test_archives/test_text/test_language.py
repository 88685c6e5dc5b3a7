"""A text is in the language that most of it is in, whatever names and words of others stand in it."""

import pytest

from archives.text.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("关于召开防汛工作会议的通知", "zh-Hans"),
        ("關於召開防汛工作會議的通知", "zh-Hant"),
        ("関する報告書の件について", "ja"),
        ("관한 보고서", "ko"),
        ("О плане работ", "ru"),
        ("Annual report of the Harbour Office", "en"),
        ("Bericht über die Sitzung", "de"),
        ("关于引进“ゴム”生产线及 А-2 型设备的请示，请予批复为盼", "zh-Hans"),
        ("The report of the meeting on the works at Qingqiao (青峤) and on the costs", "en"),
        ("关于WTO的通知", "zh-Hans"),
        ("水库 PowerPoint presentation", "zh-Hans"),
        ("X 1986", None),
        ("", None),
    ],
)
def test_the_most_of_a_text_says_its_language(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_of_a_long_text_the_beginning_is_judged() -> None:
    assert language_of("关于防汛工作的通知" * 3000 + "the report of the meeting " * 100_000) == "zh-Hans"
