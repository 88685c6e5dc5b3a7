"""Names of files that came out of a ZIP in another encoding than they were packed in."""

import os

import pytest

from formats.encoding.garbled_names import Garbled, garbled

MEANT = "档案目录/第001号 会议纪要.jpg"


@pytest.mark.parametrize("packed", ["gb18030", "utf-8"])
@pytest.mark.parametrize("unpacked", ["cp437", "latin-1"])
def test_a_name_that_came_out_wrong_tells_what_it_was(packed: str, unpacked: str) -> None:
    name = MEANT.encode(packed).decode(unpacked)
    assert garbled(name) == Garbled(name, MEANT, packed)


def test_bytes_of_gbk_that_are_no_text_tell_what_they_were() -> None:
    name = os.fsdecode(MEANT.encode("gb18030"))
    assert garbled(name) == Garbled(name, MEANT, "gb18030")


@pytest.mark.parametrize(
    "name",
    [
        "plain.txt",
        MEANT,
        "会议.jpg",
        "Müller-Lüdenscheidt.pdf",
        "Résumé naïve coöperation.docx",
        "ÅÄÖ.txt",
        "Straße ½ – “quoted”.txt",
        "Ελλάδα.txt",
        "документ.txt",
        "議事録・会議.txt",
        "║ ═╬═ ░▒▓.txt",
        "",
    ],
)
def test_what_somebody_may_have_written_is_left_alone(name: str) -> None:
    assert garbled(name) is None
