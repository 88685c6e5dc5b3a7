"""What a package holds is decided once: every file has its place, its digests, its origin and its reason."""

import re
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archives.exchange.package_metadata import read_record
from archives.findings import warning
from archives.message import message
from archives.record.checksum import digests_of
from archives.record.identifiers import PackageId, parse_archival_code
from archives.record.record import EventOutcome, PackageKind, Record, RepresentationName
from ingest.contents import Contents, PageText
from ingest.package import Packaging, build_package, redescribe_package
from preservation.package.new_package import METS, PREMIS, RECORD_XML, NewPackage
from tests.support.intake import CODE, FONDS, HOME, examined, planned, read_page
from tests.support.vaults import MOMENT

PACKAGING = Packaging(
    package_id=PackageId("00000000-0000-4000-8000-000000000001"),
    kind=PackageKind.RECORD,
    repository=HOME,
    fonds=FONDS,
    batch_id="b",
    now=MOMENT,
    operator="tester",
    software="jinkui 0",
    engine="engine 1",
)


def scanned(folder: Path) -> Contents:
    """Return two scans with their texts and an access copy."""
    seen = examined(planned(folder / "a b.png"), planned(folder / "b.png"))
    pages = (read_page(folder / "drafts", 1, "one"), read_page(folder / "drafts", 2))
    access = folder / "drafts" / "access.pdf"
    access.write_bytes(b"%PDF")
    return Contents(seen.files, (1, 2), pages, (), (access, digests_of(b"%PDF")))


def build(contents: Contents, packaging: Packaging = PACKAGING) -> NewPackage:
    """Return the package of a record with one finding."""
    found = warning("page-gap", message("缺", "missing"), file="a")
    description = examined(*(file.planned for file in contents.originals[:1])).planned.description
    return build_package(description, contents, [found], packaging)


def content_of(package: NewPackage, path: PurePosixPath) -> bytes:
    """Return a file's bytes, from the disk where it lies there."""
    (content,) = [file.content for file in package.payload if file.path == path]
    assert content is not None
    if isinstance(content, bytes):
        return content
    with content.open("rb", 0) as source:
        return source.readall()


def said(package: NewPackage) -> Record:
    """Return what a package says of itself."""
    return read_record(*(content_of(package, path) for path in (METS, PREMIS, RECORD_XML)))


def names(package: NewPackage, representation: RepresentationName) -> list[str]:
    """Return the names of a representation's files."""
    place = PurePosixPath("data/representations") / representation
    return [file.path.name for file in package.payload if place in file.path.parents]


def test_scans_texts_and_access_copy_have_their_places(tmp_path: Path) -> None:
    package = build(scanned(tmp_path))
    assert len(names(package, RepresentationName.ORIGINAL)) == 2
    assert names(package, RepresentationName.TEXT) == ["0001.xml", "0001.txt", "0002.xml", "0002.txt"]
    assert len(names(package, RepresentationName.ACCESS)) == 1


def test_every_file_has_the_digests_of_its_bytes(tmp_path: Path) -> None:
    package = build(scanned(tmp_path))
    assert all(digests_of(content_of(package, file.path)) == file.digests for file in package.payload)


def test_a_package_says_of_itself_what_was_put_in(tmp_path: Path) -> None:
    contents = scanned(tmp_path)
    record = said(build(contents))
    originals = next(r for r in record.representations if r.name is RepresentationName.ORIGINAL).files
    assert [file.original_name for file in originals] == ["a b.png", "b.png"]
    assert [file.page for file in originals] == [1, 2]
    assert [file.digests for file in originals] == [file.digests for file in contents.originals]
    assert [found.code for found in record.findings] == ["page-gap"]


def test_a_text_names_the_scan_that_it_was_read_from(tmp_path: Path) -> None:
    record = said(build(scanned(tmp_path)))
    by_name = {r.name: r.files for r in record.representations}
    first, second = (file.path for file in by_name[RepresentationName.ORIGINAL])
    assert [file.derived_from for file in by_name[RepresentationName.TEXT]] == [
        (first,),
        (first,),
        (second,),
        (second,),
    ]
    assert {file.created_by for file in by_name[RepresentationName.TEXT]} == {"engine 1"}
    assert by_name[RepresentationName.ACCESS][0].derived_from == (first, second)


def test_what_was_done_is_told_in_order_with_its_agent(tmp_path: Path) -> None:
    events = said(build(scanned(tmp_path))).events
    assert [event.type for event in events] == [
        "ingestion",
        "message digest calculation",
        "format identification",
        "transcription",
        "creation",
        "information package creation",
    ]
    assert events[0].agent == "tester"
    assert (events[3].detail, events[3].outcome_note) == ("text recognition of 2 pages", "mean confidence 0.990")
    assert all(event.outcome is EventOutcome.SUCCESS for event in events)


def test_pages_without_any_text_have_no_confidence(tmp_path: Path) -> None:
    contents = scanned(tmp_path)
    blank = replace(contents, read_pages=(read_page(tmp_path / "drafts", 1),))
    assert b"no text" in content_of(build(blank), PREMIS)


def test_the_text_of_a_document_is_made_by_the_software_not_by_an_engine(tmp_path: Path) -> None:
    seen = examined(planned(tmp_path / "a.txt", data=b"text"))
    contents = Contents(seen.files, (1,), page_texts=(PageText(1, 0, "正文"),))
    package = build(contents, replace(PACKAGING, engine=""))
    (text,) = next(r for r in said(package).representations if r.name is RepresentationName.TEXT).files
    assert (text.created_by, text.page) == ("jinkui 0", 1)
    assert content_of(package, text.path) == "正文\n".encode()


def test_a_tree_is_kept_and_what_nothing_lies_in_is_remembered(tmp_path: Path) -> None:
    file = planned(tmp_path / "x.txt", data=b"text")
    places = ("1.txt", "附件/1.txt", ".git/config", "附件/1.TXT")
    files = examined(*(replace(file, relative=f"{CODE}/{one}", place=PurePosixPath(one)) for one in places)).files
    record = said(build(Contents(files, (1, 2, 0, 3), empty_folders=("附件/空", "con"))))
    (original,) = record.representations
    top = PurePosixPath("data/representations/original/data")
    kept = [str(one.path.relative_to(top)) for one in original.files]
    assert kept[:3] == list(places[:3])
    assert re.fullmatch(r"附件/1~[0-9a-f]{8}\.TXT", kept[3])
    assert [one.original_name for one in original.files] == [f"{CODE}/{one}" for one in places]
    empty = [str(one.relative_to(top)) for one in record.empty_folders]
    assert empty[0] == "附件/空"
    assert re.fullmatch("con~[0-9a-f]{8}", empty[1])


def test_only_what_was_recognised_is_the_source_of_the_access_copy(tmp_path: Path) -> None:
    seen = examined(planned(tmp_path / "a.txt", data=b"text"), planned(tmp_path / "b.png"))
    page = replace(read_page(tmp_path / "drafts", 1, "one"), source=1)
    access = tmp_path / "access.pdf"
    access.write_bytes(b"%PDF")
    contents = Contents(seen.files, (1, 2), (page,), (PageText(1, 0, "text"),), (access, digests_of(b"%PDF")))
    record = said(build(contents))
    by_name = {r.name: r.files for r in record.representations}
    text, scan = (file.path for file in by_name[RepresentationName.ORIGINAL])
    assert by_name[RepresentationName.ACCESS][0].derived_from == (scan,)
    assert [(file.path.name, file.derived_from) for file in by_name[RepresentationName.TEXT]] == [
        ("0001.txt", (text,)),
        ("0002.xml", (scan,)),
        ("0002.txt", (scan,)),
    ]
    transcribed = [(event.agent, event.objects) for event in record.events if event.type == "transcription"]
    assert transcribed == [("engine 1", (scan,)), ("jinkui 0", (text,))]


def test_what_is_read_anew_did_not_come_in_again(tmp_path: Path) -> None:
    before = said(build(scanned(tmp_path)))
    after = said(build(scanned(tmp_path), replace(PACKAGING, previous=before, changes="text recognised anew")))
    assert [event.type for event in after.events].count("ingestion") == 1


def test_a_file_without_a_page_number_has_none(tmp_path: Path) -> None:
    contents = Contents(examined(planned(tmp_path / "a.csv", data=b"x")).files, (0,))
    (original,) = said(build(contents)).representations[0].files
    assert original.page is None


@pytest.mark.parametrize("engine", ["", "engine 1"])
def test_who_took_part_is_named_once(tmp_path: Path, engine: str) -> None:
    agents = said(build(scanned(tmp_path), replace(PACKAGING, engine=engine))).agents
    assert len({agent.name for agent in agents}) == len(agents)
    assert ("engine 1" in {agent.name for agent in agents}) is bool(engine)


def test_the_next_version_keeps_what_happened_before_and_says_what_changed(tmp_path: Path) -> None:
    before = said(build(scanned(tmp_path)))
    after = said(
        build(scanned(tmp_path), replace(PACKAGING, previous=before, changes="another title", engine="engine 2"))
    )
    assert after.events[: len(before.events)] == before.events
    assert (after.events[len(before.events)].type, after.created_at) == ("modification", before.created_at)
    assert {"engine 1", "engine 2"} <= {agent.name for agent in after.agents}


def test_a_package_described_anew_brings_no_file_again(tmp_path: Path) -> None:
    before = said(build(scanned(tmp_path)))
    code = parse_archival_code("Z109-WS·2011-Y-BGS-0009")
    package = redescribe_package(
        before, replace(before.description, code=code), replace(PACKAGING, previous=before, changes="code")
    )
    assert package.archival_code == code.written
    held = [file for file in package.payload if "representations" in file.path.parts]
    assert held
    assert all(file.content is None for file in held)
    assert said(package).description.code == code


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="/"), min_size=1, max_size=12),
        min_size=1,
        max_size=4,
    )
)
def test_every_original_has_a_place_of_its_own_whatever_it_was_called(
    tmp_path_factory: pytest.TempPathFactory, given_names: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("package")
    files = [
        replace(planned(folder / f"{n}.txt", data=b"x"), relative=f"{n}/{name}") for n, name in enumerate(given_names)
    ]
    package = build(Contents(examined(*files).files, (0,) * len(files)))
    paths = [file.path for file in package.payload]
    assert len({str(path).casefold() for path in paths}) == len(paths)
    assert len(names(package, RepresentationName.ORIGINAL)) == len(files)
