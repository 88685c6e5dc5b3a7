"""What is attached to mails lies in the package as files of its own, beside the mails, which stay bit for bit as they came."""

from pathlib import Path

from archives.record.record import FileObject, Record
from ingest.outcome import Outcome
from ingest.workflow import ingest
from preservation.vault.content import read_package_record
from tests.support.files import docx_bytes
from tests.support.intake import batch, planned, record, workplace
from tests.test_formats.test_kinds.test_mail import attached, letter, parts

PLACE = "data/representations"


def stored_record(folder: Path, **mails: bytes) -> tuple[Record, dict[str, bytes]]:
    """Return the record of these mails as it is stored, and the bytes of its files by their places."""
    files = [planned(folder / "in" / f"{name}.eml", data=data) for name, data in mails.items()]
    with workplace(folder) as place:
        (outcome,) = ingest(batch(folder / "in", record(*files)), place, progress=lambda code: None)
        assert outcome.outcome in (Outcome.STORED, Outcome.STORED_WITH_FINDINGS)
        holding = next(iter(place.archive.refresh().holdings()))
        inventory = place.archive.vault.inventory(place.archive.holdings.newest(holding.package_id).anchor)
        names = {str(file.path): file.path for file in holding.files}
        read = {name: place.archive.vault.read(inventory, path) for name, path in names.items()}
        return read_package_record(place.archive.vault, inventory), read


def by_place(stored: Record) -> dict[str, FileObject]:
    """Return the files of a record by their places below the representations."""
    return {str(file.path).removeprefix(f"{PLACE}/"): file for one in stored.representations for file in one.files}


def test_an_attachment_is_a_file_of_its_own_and_the_mail_stays_as_it_came(tmp_path: Path) -> None:
    document = docx_bytes("附件里的字")
    mail = parts(letter(b"BODY", head=""), attached("list.docx", document), attached("logo.bin.png", b"\x89PNG"))
    stored, read = stored_record(tmp_path, a=mail)
    files = by_place(stored)
    assert [*files] == [
        "original/data/a.eml",
        "attached/data/a.eml/list.docx",
        "attached/data/a.eml/logo.bin.png",
        "text/data/0001.txt",
        "text/data/0002.txt",
    ]
    assert read[f"{PLACE}/original/data/a.eml"] == mail
    assert read[f"{PLACE}/attached/data/a.eml/list.docx"] == document
    taken = files["attached/data/a.eml/list.docx"]
    assert (taken.original_name, taken.page, taken.created_by) == ("a.eml/list.docx", 2, "jinkui 0")
    assert taken.derived_from == (files["original/data/a.eml"].path,)
    assert files["attached/data/a.eml/logo.bin.png"].page is None
    assert "附件里的字" in read[f"{PLACE}/text/data/0002.txt"].decode()
    assert files["text/data/0002.txt"].derived_from == (taken.path,)
    assert files["text/data/0001.txt"].derived_from == (files["original/data/a.eml"].path,)
    (event,) = [one for one in stored.events if one.type == "unpacking"]
    assert event.objects == (files["original/data/a.eml"].path,)


def test_attachments_of_several_mails_keep_apart_whatever_they_are_called(tmp_path: Path) -> None:
    one = parts(letter(b"ONE", head=""), attached("same.txt", b"FIRST"), attached("same.txt", b"SECOND"))
    two = parts(letter(b"TWO", head=""), attached("same.txt", b"THIRD"), attached("..", b"UP"))
    stored, read = stored_record(tmp_path, a=one, b=two)
    files = by_place(stored)
    kept = {name: read[f"{PLACE}/{name}"] for name in files if name.startswith("attached/")}
    assert sorted(kept.values()) == [b"FIRST", b"SECOND", b"THIRD", b"UP"]
    texts = {
        read[str(file.derived_from[0])]: read[str(file.path)].strip()
        for name, file in files.items()
        if name.startswith("text/") and file.derived_from[0].parts[2] == "attached"
    }
    assert texts == {data: data for data in (b"FIRST", b"SECOND", b"THIRD", b"UP")}
