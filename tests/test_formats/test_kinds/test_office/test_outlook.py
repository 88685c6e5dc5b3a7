"""Mail that Outlook saved is read as it was seen, in whichever form it is; what is attached is a file of its own."""

import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.identify import identify
from formats.kinds.office.outlook import _PRELOADED, unpacked_rtf
from formats.text import ExtractedText, extract_text
from tests.support.compound_files import compound_bytes
from tests.support.files import docx_bytes, put

SENT = int((datetime(2014, 3, 5, 1, tzinfo=UTC) - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000
HEAD = {"__properties_version1.0": bytes(32) + struct.pack("<HHIQ", 0x40, 0x39, 6, SENT)}
ATTACHED = "__attach_version1.0_#00000000/__substg1.0_"


def wide(**properties: str) -> dict[str, bytes]:
    """Return streams of properties that are texts."""
    return {f"__substg1.0_{tag[1:]}001F": text.encode("utf-16-le") for tag, text in properties.items()}


def read(folder: Path, streams: dict[str, bytes]) -> ExtractedText:
    """Return all text of a message."""
    path = put(folder, "a.msg", compound_bytes(HEAD | streams))
    return extract_text(path, identify(path))


def test_a_message_is_read_with_its_headings_and_what_is_attached(tmp_path: Path) -> None:
    document = docx_bytes("附件里的字")
    streams = wide(p0037="值班安排", p0C1A="王喆", p0E04="办公室", p1000="今晚值班")
    streams |= {f"{ATTACHED}3707001F": "名单.docx".encode("utf-16-le"), f"{ATTACHED}37010102": document}
    extracted = read(tmp_path, streams)
    lines = ["From: 王喆", "To: 办公室", "Date: 2014-03-05 01:00+00:00", "Subject: 值班安排", "", "今晚值班"]
    assert extracted.pages[0].splitlines() == [*lines, "Attachment: 名单.docx"]
    assert extracted.pages[1].startswith("附件里的字")
    (one,) = extracted.attachments
    assert (one.name, one.data[: len(document)], one.pages) == ("名单.docx", document, (1, 2))


def test_the_addresses_of_those_who_got_a_message_are_read(tmp_path: Path) -> None:
    streams = wide(p0E04="办公室; a@b.cn", p1000="今晚值班")
    told = (("办公室", "office@water.gov.cn"), ("a@b.cn", "a@b.cn"), ("王喆", "/o=x/cn=wz"))
    for number, (name, address) in enumerate(told):
        storage = f"__recip_version1.0_#{number:08}"
        streams |= {f"{storage}/{tag}": text for tag, text in wide(p3001=name, p3003=address).items()}
    said = read(tmp_path, streams).pages[0].splitlines()
    assert said[1] == "Recipients: 办公室 office@water.gov.cn; a@b.cn; 王喆"


@pytest.mark.parametrize(
    ("stream", "data"),
    [
        ("1000001E", "今晚值班，请各科室按时到岗".encode("gb18030")),
        ("10130102", "<p>今晚<b>值班</b>，请各科室按时到岗</p>".encode()),
        ("10090102", bytes(8) + b"MELA" + bytes(4) + rb"{\rtf1\ansi\ansicpg936 \'bd\'f1\'cd\'ed\'d6\'b5\'b0\'e0}"),
    ],
)
def test_every_form_of_a_text_is_read(tmp_path: Path, stream: str, data: bytes) -> None:
    words = "".join(read(tmp_path, {f"__substg1.0_{stream}": data}).pages[0].split())
    assert "今晚值班" in words


def test_packed_rich_text_is_unpacked_as_its_standard_shows() -> None:
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert unpacked_rtf(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


@given(st.binary(max_size=200))
def test_whatever_is_packed_ends(data: bytes) -> None:
    assert isinstance(unpacked_rtf(bytes(8) + b"LZFu" + bytes(4) + data), bytes)
    assert len(_PRELOADED) == 207
