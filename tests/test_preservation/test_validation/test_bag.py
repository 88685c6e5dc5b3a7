"""Bags of every version are judged as their specification says, and nothing in a bag can hurt who judges it."""

import os
import shutil
import socket
import unicodedata
from collections.abc import Callable
from pathlib import Path

import bagit
import pytest

from archives.findings import Severity
from preservation.digests.many_files import Digesting
from preservation.validation.validate import MOST_FINDINGS, CheckResult, check, kind_of
from tests.support.bags import PAYLOAD, make_bag, manifest_of
from tests.support.corpora import folders_of

ACCEPTED_WARNINGS = (
    "made-with-md5sum-tools",
    "relative-path",
    "same-filename-listed-twice-with-the-same-hash",
)


def judge(path: Path) -> CheckResult:
    with Digesting(2) as digesting:
        return check(path, digesting)


def codes(result: CheckResult, severity: Severity | None = None) -> set[str]:
    return {f.code for f in result.findings if severity in (None, f.severity)}


@pytest.mark.parametrize("bag", folders_of("bagit-conformance-suite", "v*/*/*"))
def test_the_conformance_suite_is_judged_as_it_says(bag: Path) -> None:
    result = judge(bag)
    kind = bag.parent.name
    assert result.kind == "bag"
    assert result.valid == (kind == "valid" or (kind == "warning" and bag.name in ACCEPTED_WARNINGS))
    assert bool(codes(result, Severity.ERROR)) != result.valid
    if kind == "warning":
        assert codes(result) - {"weak-algorithm"}


@pytest.mark.parametrize("version", ["0.93", "0.94", "0.95", "0.96", "0.97", "1.0"])
def test_a_whole_bag_of_any_version_is_valid_without_a_finding(tmp_path: Path, version: str) -> None:
    result = judge(make_bag(tmp_path / "bag", version=version))
    assert result == CheckResult("bag", valid=True, findings=())


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha224", "sha384", "sha3_256", "blake2b", "sha512"])
def test_every_algorithm_of_this_machine_is_checked(tmp_path: Path, algorithm: str) -> None:
    bag = make_bag(tmp_path / "bag", algorithms=(algorithm,))
    assert judge(bag).valid
    (bag / "data" / "a.txt").write_bytes(b"onf")
    assert codes(judge(bag), Severity.ERROR) == {"digest-differs"}


def test_a_bag_whose_only_algorithm_is_unknown_is_not_called_valid(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "bag")
    for name in ("manifest-sha256.txt", "tagmanifest-sha256.txt", "tagmanifest-sha512.txt"):
        (bag / name).unlink()
    (bag / "manifest-sha512.txt").rename(bag / "manifest-whirlpool9.txt")
    result = judge(bag)
    assert "manifest-not-checked" in codes(result, Severity.ERROR)
    assert "algorithm-unknown" in codes(result, Severity.WARNING)


def _flip(bag: Path) -> None:
    (bag / "data" / "a.txt").write_bytes(b"onf")


def _swap(bag: Path) -> None:
    (bag / "data" / "a.txt").write_bytes(b"two")
    (bag / "data" / "b" / "c.txt").write_bytes(b"one")


def _delete(bag: Path) -> None:
    (bag / "data" / "a.txt").unlink()


def _add(bag: Path) -> None:
    (bag / "data" / "d.txt").write_bytes(b"")


def _rename_case(bag: Path) -> None:
    (bag / "data" / "a.txt").rename(bag / "data" / "A.txt")


def _rename_nfd(bag: Path) -> None:
    (bag / "data" / "é.txt").rename(bag / "data" / unicodedata.normalize("NFD", "é.txt"))


def _nfd_twin(bag: Path) -> None:
    (bag / "data" / unicodedata.normalize("NFD", "é.txt")).write_bytes(b"three")


def _link(bag: Path) -> None:
    outside = bag.parent / "outside"
    outside.write_bytes(b"one")
    (bag / "data" / "a.txt").unlink()
    (bag / "data" / "a.txt").symlink_to(outside)


def _hard_link(bag: Path) -> None:
    os.link(bag / "data" / "a.txt", bag.parent / "outside")


def _linked_folder(bag: Path) -> None:
    shutil.move(bag / "data" / "b", bag.parent / "b")
    (bag / "data" / "b").symlink_to(bag.parent / "b")


def _pipe(bag: Path) -> None:
    (bag / "data" / "a.txt").unlink()
    os.mkfifo(bag / "data" / "a.txt")


def _pipe_manifest(bag: Path) -> None:
    (bag / "manifest-sha256.txt").unlink()
    os.mkfifo(bag / "manifest-sha256.txt")


def _socket(bag: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(bag / "data" / "s"))


def _no_tag_manifests(bag: Path) -> None:
    for place in bag.glob("tagmanifest-*"):
        place.unlink()


def _info_altered(bag: Path) -> None:
    (bag / "bag-info.txt").write_bytes(b"Payload-Oxum: 11.3\n")


def _oxum_wrong(bag: Path) -> None:
    _no_tag_manifests(bag)
    (bag / "bag-info.txt").write_bytes(b"Payload-Oxum: 10.3\n")


def _no_manifest(bag: Path) -> None:
    (bag / "manifest-sha256.txt").unlink()


def _extra_tag_file(bag: Path) -> None:
    (bag / "note.txt").write_bytes(b"x")


def _extra_tag_folder(bag: Path) -> None:
    (bag / "notes").mkdir()
    (bag / "notes" / "note.txt").write_bytes(b"x")


def _empty_folder(bag: Path) -> None:
    (bag / "data" / "empty").mkdir()


def _fetch_present(bag: Path) -> None:
    (bag / "fetch.txt").write_text("http://127.0.0.1:1/a.txt 3 data/a.txt\n")


def _no_permission(bag: Path) -> None:
    (bag / "data" / "a.txt").chmod(0)


def _no_payload_folder(bag: Path) -> None:
    shutil.rmtree(bag / "data")


ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


@pytest.mark.parametrize(
    ("mutate", "code", "severity"),
    [
        (_flip, "digest-differs", ERROR),
        (_swap, "digest-differs", ERROR),
        (_delete, "file-missing", ERROR),
        (_add, "file-not-listed", ERROR),
        (_rename_case, "file-missing", ERROR),
        (_rename_nfd, "name-normalized", WARNING),
        (_nfd_twin, "file-not-listed", ERROR),
        (_link, "link", ERROR),
        (_hard_link, "hard-link", WARNING),
        (_linked_folder, "link", ERROR),
        (_pipe, "special-file", ERROR),
        (_pipe_manifest, "special-file", ERROR),
        (_socket, "special-file", ERROR),
        (_no_tag_manifests, "tag-manifest-missing", NOTE),
        (_info_altered, "digest-differs", ERROR),
        (_oxum_wrong, "oxum-differs", ERROR),
        (_no_manifest, "file-missing", ERROR),
        (_extra_tag_file, "tag-file-not-listed", WARNING),
        (_extra_tag_folder, "tag-file-not-listed", WARNING),
        (_empty_folder, "empty-folder", NOTE),
        (_fetch_present, "fetch-present", NOTE),
        (_no_permission, "no-permission", WARNING),
        (_no_payload_folder, "payload-missing", ERROR),
    ],
)
def test_every_change_of_a_bag_is_found(
    tmp_path: Path, mutate: Callable[[Path], None], code: str, severity: Severity
) -> None:
    bag = make_bag(tmp_path / "bag")
    mutate(bag)
    before = sorted((p, p.lstat().st_mtime_ns) for p in bag.rglob("*"))
    result = judge(bag)
    assert code in codes(result, severity)
    assert sorted((p, p.lstat().st_mtime_ns) for p in bag.rglob("*")) == before
    if severity is ERROR:
        assert not result.valid
    elif mutate is not _no_permission or os.geteuid() == 0:
        assert result.valid


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_cannot_be_read_is_said_to_be_unread_not_bad(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "bag")
    (bag / "data" / "a.txt").chmod(0)
    result = judge(bag)
    assert codes(result, ERROR) == {"unreadable"}


@pytest.mark.parametrize(
    "path",
    [
        "../x",
        "data/../../x",
        "data/../data/a.txt",
        "/abs",
        "~/x",
        "~root/x",
        "C:\\x",
        "\\\\host\\share",
        "data\\..\\x",
        "data/..\\..\\x",
        "data/a\x00b",
        "bagit.txt",
        "manifest-sha256.txt",
        "data",
        "./../x",
    ],
)
def test_a_path_that_leaves_the_payload_is_refused(tmp_path: Path, path: str) -> None:
    lines = manifest_of(PAYLOAD, "sha256") + f"{'0' * 64}  {path}\n".encode()
    result = judge(make_bag(tmp_path / "bag", algorithms=("sha256",), extra={"manifest-sha256.txt": lines}))
    (found,) = [f for f in result.findings if f.code == "unsafe-path"]
    assert (found.file, found.row) == ("manifest-sha256.txt", 4)


@pytest.mark.parametrize("path", ["/tmp/x", "../x", "~/x", "C:\\x", "bag-info.txt", "%HomeDrive%\\x"])
def test_a_fetch_path_that_leaves_the_payload_is_refused(tmp_path: Path, path: str) -> None:
    bag = make_bag(tmp_path / "bag", extra={"fetch.txt": f"http://127.0.0.1:1/ - {path}\n".encode()})
    assert codes(judge(bag), ERROR) == {"unsafe-path"}


def test_nothing_is_fetched(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/a.txt"
        bag = make_bag(tmp_path / "bag", extra={"fetch.txt": f"{url} 3 data/a.txt\n".encode()})
        (bag / "data" / "a.txt").unlink()
        assert {"fetch-absent", "file-missing"} <= codes(judge(bag), ERROR)
        server.settimeout(0)
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.parametrize(
    "name", ["a%b.txt", "a\nb.txt", "a\rb.txt", "a%0Ab.txt", "a%25b.txt", "%7Ex", "two  spaces ", " *x"]
)
def test_names_that_need_encoding_come_back(tmp_path: Path, name: str) -> None:
    encoded = name.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")
    payload = {f"data/{name}": b"x"}
    lines = manifest_of({f"data/{encoded}": b"x"}, "sha512")
    bag = make_bag(tmp_path / "bag", payload, algorithms=("sha512",), extra={"manifest-sha512.txt": lines})
    assert codes(judge(bag)) <= {"name-not-portable"}


def test_a_per_cent_sign_that_its_writer_did_not_encode_is_a_warning(tmp_path: Path) -> None:
    bag = tmp_path / "bag"
    bag.mkdir()
    (bag / "a%0Ab.txt").write_bytes(b"x")
    bagit.make_bag(str(bag), checksums=["sha256"])
    result = judge(bag)
    assert result.valid
    assert "percent-not-encoded" in codes(result, WARNING)


@pytest.mark.parametrize("encoding", ["UTF-16", "UTF-16LE", "UTF-32", "ISO-8859-1", "GB18030", "utf_8"])
def test_tag_files_are_read_in_their_encoding(tmp_path: Path, encoding: str) -> None:
    payload = {"data/é.txt": b"x"}
    declaration = f"BagIt-Version: 0.97\nTag-File-Character-Encoding: {encoding}\n".encode()
    lines = manifest_of(payload, "sha1").decode().encode(encoding)
    extra = {"bagit.txt": declaration, "manifest-sha1.txt": lines, "bag-info.txt": "A: é\n".encode(encoding)}
    bag = make_bag(tmp_path / "bag", payload, algorithms=("sha1",), extra=extra)
    tags = (bag / "tagmanifest-sha1.txt").read_text("utf-8")
    (bag / "tagmanifest-sha1.txt").write_bytes(tags.encode(encoding))
    assert codes(judge(bag)) == {"weak-algorithm"}


@pytest.mark.parametrize("encoding", ["klingon", "idna", "punycode", "base64", "unicode_escape", "\x00", "rot13"])
def test_an_encoding_that_is_none_is_refused(tmp_path: Path, encoding: str) -> None:
    declaration = f"BagIt-Version: 1.0\nTag-File-Character-Encoding: {encoding}\n".encode()
    result = judge(make_bag(tmp_path / "bag", extra={"bagit.txt": declaration}))
    assert codes(result, ERROR) == {"encoding-unknown"}


@pytest.mark.parametrize(
    ("declaration", "severity"),
    [
        (b"\xef\xbb\xbfBagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", ERROR),
        (b"BagIt-Version: 1.0\n", ERROR),
        (b"", ERROR),
        (b"BagIt-Version : 1.0\nTag-File-Character-Encoding: UTF-8\n", ERROR),
        (b"BagIt-Version: 2.0\nTag-File-Character-Encoding: UTF-8\n", ERROR),
        (b"BagIt-Version: 0.98\nTag-File-Character-Encoding: UTF-8\n", ERROR),
        (b"Tag-File-Character-Encoding: UTF-8\nBagIt-Version: 1.0\n", ERROR),
        (b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\nMore: x\n", ERROR),
        (b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\nMore: x\n", WARNING),
        (b"BagIt-Version: 1.0 \nTag-File-Character-Encoding: UTF-8", WARNING),
        (b"BagIt-Version: 1.0\r\nTag-File-Character-Encoding: UTF-8\r\n", None),
        (b"BagIt-Version: 1.0\rTag-File-Character-Encoding: UTF-8", None),
        (os.urandom(5000), ERROR),
    ],
)
def test_a_declaration_is_two_lines(tmp_path: Path, declaration: bytes, severity: Severity | None) -> None:
    result = judge(make_bag(tmp_path / "bag", extra={"bagit.txt": declaration}))
    assert {f.severity for f in result.findings} == ({severity} if severity else set())


@pytest.mark.parametrize(
    "line",
    [
        "x  data/a.txt",
        "0123456789abcdef  data/a.txt",
        "data/a.txt",
        f"{'0' * 65}  data/a.txt",
        f" {'0' * 64}  data/a.txt",
        f"{'0' * 64}",
        f"{'é' * 64}  data/a.txt",
    ],
)
def test_a_line_that_is_none_is_told_by_its_number(tmp_path: Path, line: str) -> None:
    lines = manifest_of(PAYLOAD, "sha256") + f"\n{line}\n".encode()
    result = judge(make_bag(tmp_path / "bag", algorithms=("sha256",), extra={"manifest-sha256.txt": lines}))
    (found,) = result.findings
    assert (found.code, found.file, found.row) == ("manifest-line", "manifest-sha256.txt", 5)


@pytest.mark.parametrize("separator", [" ", "  ", "\t", " *", "   "])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_separators_line_ends_and_letter_case_do_not_matter(tmp_path: Path, separator: str, ending: str) -> None:
    plain = manifest_of(PAYLOAD, "sha256").decode()
    digests = [(line[:64].upper(), line[66:]) for line in plain.splitlines()]
    lines = ending.join(f"{digest}{separator}{path}" for digest, path in digests).encode()
    bag = make_bag(tmp_path / "bag", algorithms=("sha256",), extra={"manifest-sha256.txt": lines})
    assert codes(judge(bag)) == ({"manifest-star"} if "*" in separator else set())


def test_manifests_of_one_bag_must_list_the_same_files(tmp_path: Path) -> None:
    lines = manifest_of({"data/a.txt": b"one"}, "sha256")
    for version, severity in (("1.0", ERROR), ("0.97", WARNING)):
        bag = make_bag(tmp_path / version, version=version, extra={"manifest-sha256.txt": lines})
        assert "file-not-listed" in codes(judge(bag), severity)


def test_a_tag_manifest_that_leaves_out_a_manifest_is_wrong(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "bag", algorithms=("sha256",))
    tags = (bag / "tagmanifest-sha256.txt").read_text()
    (bag / "tagmanifest-sha256.txt").write_text("".join(x for x in tags.splitlines(True) if "manifest" not in x))
    assert codes(judge(bag), ERROR) == {"tag-file-not-listed"}


def test_a_payload_file_in_a_tag_manifest_is_checked_too(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "bag", version="0.97", algorithms=("sha256",))
    with (bag / "tagmanifest-sha256.txt").open("a") as more:
        more.write(f"{'0' * 64}  data/a.txt\n")
    result = judge(bag)
    assert codes(result, ERROR) == {"digest-differs"}
    assert codes(result, WARNING) == {"tag-manifest-lists"}


def test_a_manifest_of_any_length_is_read_and_what_it_says_is_bounded(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "bag", algorithms=("sha256",))
    with (bag / "manifest-sha256.txt").open("a") as more:
        more.writelines(f"{'0' * 64}  data/{number}\n" for number in range(3 * MOST_FINDINGS))
    result = judge(bag)
    missing = [f for f in result.findings if f.code == "file-missing"]
    assert len(missing) == MOST_FINDINGS + 1
    assert str(2 * MOST_FINDINGS) in str(missing[-1].message)


def test_a_line_without_an_end_is_no_line(tmp_path: Path) -> None:
    for number, lines in enumerate((b"0" * 10_000_000, b"0" * 64 + b"  data/" + b"x" * 10_000_000)):
        extra = {"manifest-sha256.txt": lines, "fetch.txt": lines, "bag-info.txt": lines}
        bag = make_bag(tmp_path / str(number), algorithms=("sha256",), extra=extra)
        assert codes(judge(bag), ERROR) >= {"tag-file-not-text", "file-not-listed"}


def test_lines_made_to_exhaust_a_reader_are_read_at_once(tmp_path: Path) -> None:
    lines = "".join(f"a{fill * 60_000}\n" for fill in (" ", "a ", "\t", ":", " :", "0", "0 ", "%", "/", "./")).encode()
    extra = {"manifest-sha256.txt": lines, "fetch.txt": lines, "bag-info.txt": lines, "bagit.txt": lines}
    bag = make_bag(tmp_path / "bag", algorithms=("sha256",), extra=extra)
    assert codes(judge(bag), ERROR) >= {"declaration-malformed", "info-malformed", "manifest-line", "file-not-listed"}


@pytest.mark.parametrize(
    ("info", "found"),
    [
        (b"Empty: \nLabel: value\n  continued\n\tand on\n", set()),
        (b"Label:value\n", {"info-spaces"}),
        (b"Label : value\n", {"info-spaces"}),
        (b"Label:  value\n", {"info-spaces"}),
        (b"no label\n", {"info-malformed"}),
        (b": value\n", {"info-malformed"}),
        (b"Payload-Oxum: x\n", {"oxum-malformed"}),
        (b"Payload-Oxum: 11.3\nPAYLOAD-OXUM: 11.3\n", {"oxum-repeated"}),
        (b"Payload-Oxum: " + b"9" * 5000 + b".3\n", {"oxum-malformed"}),
    ],
)
def test_elements_of_bag_info_are_labels_and_values(tmp_path: Path, info: bytes, found: set[str]) -> None:
    assert codes(judge(make_bag(tmp_path / "bag", extra={"bag-info.txt": info}))) == found


def test_names_and_tag_files_that_are_no_text_are_told(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "bag", algorithms=("sha256",))
    (bag / os.fsdecode(b"data/\xff\xfe.txt")).write_bytes(b"x")
    result = judge(bag)
    assert codes(result, ERROR) == {"file-not-listed", "oxum-differs"}
    with (bag / "manifest-sha256.txt").open("ab") as more:
        more.write(b"\xff\xfe")
    assert "tag-file-not-text" in codes(judge(bag), ERROR)


def test_a_folder_deeper_than_a_path_may_be_is_said_to_be_unread(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "bag")
    here = os.open(bag / "data", os.O_RDONLY)
    for _ in range(30):
        os.mkdir("x" * 200, dir_fd=here)
        below = os.open("x" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    assert "unreadable" in codes(judge(bag), ERROR)
    shutil.rmtree(bag / "data")


def test_a_bag_that_lost_its_declaration_is_still_a_bag(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "bag")
    (bag / "bagit.txt").unlink()
    assert kind_of(bag) == "bag"
    assert {"declaration-missing", "file-missing"} <= codes(judge(bag), ERROR)
