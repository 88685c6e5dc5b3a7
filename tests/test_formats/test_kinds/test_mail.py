"""Mail is read as its reader saw it, however careless the program was that wrote it; what is attached is read by itself."""

import base64
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formats.identify import identify
from formats.kinds.mail import KIND
from formats.text import ExtractedText, TextLimits, extract_text
from tests.support.files import docx_bytes, findings_of, pages_of, put, zip_bytes

HEAD = "From: a@example.org\r\nTo: b@example.org\r\nDate: Wed, 05 Mar 2014 09:00:00 +0800\r\n"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NAMES = "请王喆同志、陶堃同志和镕基路工程处报送"


def b64(data: bytes) -> str:
    """Return bytes in base64."""
    return base64.b64encode(data).decode()


def letter(body: bytes, kind: str = "text/plain", head: str = HEAD, encoding: str = "8bit") -> bytes:
    """Return a letter of one part."""
    return f"{head}Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + body


def parts(*inner: bytes, kind: str = "mixed") -> bytes:
    """Return a letter of several parts."""
    whole = b"".join(b"--=x\r\n" + one + b"\r\n" for one in inner) + b"--=x--\r\n"
    return (
        f'{HEAD}Subject: parts\r\nMIME-Version: 1.0\r\nContent-Type: multipart/{kind}; boundary="=x"\r\n\r\n'.encode()
        + whole
    )


def attached(name: str, data: bytes) -> bytes:
    """Return the part of a file that is attached."""
    head = f"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename={name}\r\n"
    return head.encode() + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(data)


def read(folder: Path, data: bytes) -> ExtractedText:
    """Return all text of a mail, with that of what is attached."""
    path = put(folder, "a.eml", data)
    return extract_text(path, identify(path))


@pytest.mark.parametrize("label", ["gb2312", "GBK", "x-gbk", "gb18030", "cp936"])
def test_labels_of_chinese_mail_mean_gb18030(tmp_path: Path, label: str) -> None:
    words = NAMES.encode("gb18030")
    head = f"{HEAD}Subject: =?{label}?B?{b64(words)}?=\r\n"
    (text,) = pages_of(KIND, put(tmp_path, "a.eml", letter(words, f'text/plain; charset="{label}"', head)))
    assert text.splitlines()[3:] == [f"Subject: {NAMES}", "", NAMES]


@pytest.mark.parametrize("at", range(1, 8))
def test_an_encoded_word_cut_inside_a_letter_is_joined(tmp_path: Path, at: int) -> None:
    words = NAMES.encode("gb18030")
    head = f"{HEAD}Subject: =?gbk?B?{b64(words[:at])}?=\r\n =?gbk?B?{b64(words[at:])}?=\r\n"
    assert f"Subject: {NAMES}" in pages_of(KIND, put(tmp_path, "a.eml", letter(b"x", head=head)))[0].splitlines()


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        (b"=?utf-8?Q?=E6=B0=B4=E4=BD=8D_3?= today", "水位 3 today"),
        ("水位通知".encode("gb18030"), "水位通知"),
        ("水位通知".encode(), "水位通知"),
        (b"=?no-such?B?5rC0?=", "水"),
        (b"=?utf-8?B?5rC05L2N", "=?utf-8?B?5rC05L2N"),
        (b"plain", "plain"),
    ],
)
def test_subjects_are_shown_however_they_are_written(tmp_path: Path, field: bytes, shown: str) -> None:
    data = HEAD.encode() + b"Subject: " + field + b"\r\n\r\nbody"
    assert f"Subject: {shown}" in pages_of(KIND, put(tmp_path, "a.eml", data))[0].splitlines()


@pytest.mark.parametrize(
    "address", ["<<a@b", '"王 <a@b>', "a@b, , ;:@", "=?gbk?B?zfWGtA==?= <wz@example.org", "@" * 500]
)
def test_a_broken_address_hinders_nothing(tmp_path: Path, address: str) -> None:
    data = f"From: {address}\r\nTo: {address}\r\nSubject: s\r\n\r\nWORD".encode()
    assert "WORD" in pages_of(KIND, put(tmp_path, "a.eml", data))[0]


@pytest.mark.parametrize(
    "before", [b"From x@y Thu May 04 10:06:11 2023\n", b">From x@y\n", b"\xef\xbb\xbf", b"\r\n\r\n"]
)
def test_a_line_before_the_fields_hinders_nothing(tmp_path: Path, before: bytes) -> None:
    path = put(tmp_path, "a.eml", before + HEAD.encode() + b"Subject: s\r\n\r\nWORD\n\nFrom here on it rains.")
    assert identify(path).mime in ("message/rfc822", "application/mbox")
    assert pages_of(KIND, path) == [
        (
            "From: a@example.org\nTo: b@example.org\nDate: Wed, 05 Mar 2014 09:00:00 +0800\nSubject: s\n\n"
            "WORD\n\nFrom here on it rains."
        )
    ]


def test_every_letter_of_a_box_is_a_page(tmp_path: Path) -> None:
    one = HEAD.encode().replace(b"\r\n", b"\n") + b"Subject: s%d\n\nbody %d\n>From quoted\n\n"
    data = b"".join(b"From a@b Thu May 04 10:06:11 2023\n" + one % (n, n) for n in range(3))
    path = put(tmp_path, "a.mbox", data)
    extracted = extract_text(path, identify(path))
    assert [f"Subject: s{n}" in page for n, page in enumerate(extracted.pages)] == [True, True, True]
    assert "From quoted" in extracted.pages[2].splitlines()


def test_a_letter_that_is_forwarded_is_a_page_of_its_own(tmp_path: Path) -> None:
    inner = letter("内".encode(), "text/plain; charset=utf-8", HEAD + "Subject: inner\r\n")
    for part in (
        b"Content-Type: message/rfc822\r\n\r\n" + inner,
        b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(inner),
    ):
        extracted = read(tmp_path, parts(letter(b"outer", head=""), part))
        assert extracted.findings == ()
        assert ["outer" in extracted.pages[0], "Subject: inner" in extracted.pages[1], "内" in extracted.pages[1]] == [
            True
        ] * 3


@pytest.mark.parametrize(
    "name",
    [
        'filename="=?gb2312?B?' + b64("报告.docx".encode("gb18030")) + '?="',
        "filename*=gb2312''%B1%A8%B8%E6.docx",
        'filename="报告.docx"',
    ],
)
def test_what_is_attached_is_named_and_read(tmp_path: Path, name: str) -> None:
    head = f"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; {name}\r\n"
    data = docx_bytes("附件里的字")
    part = head.encode("gb18030") + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(data)
    extracted = read(tmp_path, parts(letter(b"body", head=""), part))
    assert extracted.pages[0].splitlines()[-1] == "Attachment: 报告.docx"
    assert extracted.pages[1].startswith("附件里的字")
    assert extracted.findings == ()
    (one,) = extracted.attachments
    assert (one.name, one.format.mime, one.pages, one.data) == ("报告.docx", DOCX, (1, 2), data)


def test_what_is_attached_to_an_attached_letter_is_a_file_too(tmp_path: Path) -> None:
    inner = parts(letter(b"inner", head=""), attached("list.txt", b"LIST"))
    data = parts(letter(b"outer", head=""), attached("fwd.eml", inner), attached("scan.png", b"\x89PNG"))
    extracted = read(tmp_path, data)
    assert [(one.name, one.pages) for one in extracted.attachments] == [
        ("fwd.eml", (1, 3)),
        ("fwd.eml/list.txt", (2, 3)),
        ("scan.png", (3, 3)),
    ]
    assert [one.data for one in extracted.attachments] == [inner, b"LIST", b"\x89PNG"]


def test_what_lies_in_a_bundle_is_no_attachment(tmp_path: Path) -> None:
    mail = parts(letter(b"outer", head=""), attached("list.txt", b"LIST"))
    bundle = zip_bytes({"a.eml": mail})
    path = put(tmp_path, "a.zip", bundle)
    assert extract_text(path, identify(path)).attachments == ()
    names = [one.name for one in read(tmp_path, parts(letter(b"x", head=""), attached("a.zip", bundle))).attachments]
    assert names == ["a.zip"]


def test_what_is_attached_beyond_the_limit_stays_in_the_mail_and_is_told(tmp_path: Path) -> None:
    data = parts(letter(b"x", head=""), attached("a.txt", b"one " * 9), attached("b.txt", b"two"))
    path = put(tmp_path, "a.eml", data)
    extracted = extract_text(path, identify(path), TextLimits(attached_bytes=20))
    assert [one.name for one in extracted.attachments] == ["b.txt"]
    (found,) = extracted.findings
    assert found.code == "attachment-not-taken-out"
    assert "a.txt" in found.message.text("en")


def test_what_nothing_reads_of_what_is_attached_is_told_by_name(tmp_path: Path) -> None:
    part = b'Content-Type: application/octet-stream; name="winmail.dat"\r\n\r\n\x01\x02'
    (found,) = read(tmp_path, parts(letter(b"body", head=""), part)).findings
    assert found.code == "text-no-reader"
    assert "winmail.dat" in found.message.text("en")


@pytest.mark.parametrize(("plain", "seen"), [(b"PLAIN", "PLAIN"), (b"  \r\n", "RICH")])
def test_of_alternatives_the_plain_one_that_says_something_is_read(tmp_path: Path, plain: bytes, seen: str) -> None:
    data = parts(letter(plain, head=""), letter(b"<b>RICH</b>", "text/html", head=""), kind="alternative")
    (text,) = pages_of(KIND, put(tmp_path, "a.eml", data))
    assert text.split()[-1] == seen


def test_a_letter_in_two_parts_is_read_to_its_end(tmp_path: Path) -> None:
    (text,) = pages_of(KIND, put(tmp_path, "a.eml", parts(letter(b"ONE", head=""), letter(b"TWO", head=""))))
    assert text.index("ONE") < text.index("TWO")


def test_an_encrypted_letter_is_said_to_be(tmp_path: Path) -> None:
    data = letter(b"AAAA", "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", encoding="base64")
    assert findings_of(KIND, put(tmp_path, "a.eml", data)) == ["file-encrypted"]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(cut=st.integers(0, 900), flip=st.integers(0, 899), put_in=st.binary(max_size=6))
def test_a_mail_cut_or_changed_anywhere_is_still_read(
    tmp_path_factory: pytest.TempPathFactory, cut: int, flip: int, put_in: bytes
) -> None:
    whole = parts(
        letter(NAMES.encode("gb18030"), "text/plain; charset=gb2312", head=""),
        b"Content-Type: message/rfc822\r\n\r\n" + letter(b"x"),
    )
    data = whole[:flip] + put_in + whole[flip:cut]
    assert pages_of(KIND, put(tmp_path_factory.mktemp("mail"), "a.eml", data)) or not data
