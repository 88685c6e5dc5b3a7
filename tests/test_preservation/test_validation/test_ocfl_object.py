"""OCFL objects and storage roots are judged by the codes of the specification, whoever wrote them."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archives.findings import Severity
from preservation.digests.many_files import Digesting
from preservation.validation.validate import CheckResult, check, kind_of
from tests.support.corpora import folders_of
from tests.support.vaults import make_package, make_vault

TEXT = b"content"
SHA512 = hashlib.sha512(TEXT).hexdigest()


def judge(path: Path) -> CheckResult:
    with Digesting(2) as digesting:
        return check(path, digesting)


def codes(result: CheckResult, severity: Severity | None = None) -> set[str]:
    return {f.code for f in result.findings if severity in (None, f.severity)}


@pytest.mark.parametrize("place", folders_of("ocfl-fixtures/1.1", "*-objects/*"))
def test_the_fixtures_are_judged_by_the_codes_in_their_names(place: Path) -> None:
    result = judge(place)
    named = {code for code in place.name.split("_") if re.fullmatch(r"[EW]\d{3}", code)}
    assert result.kind == "ocfl-object"
    assert result.valid == (place.parent.name != "bad-objects")
    assert named <= codes(result)
    if place.parent.name == "good-objects":
        assert result.findings == ()


def make_object(
    folder: Path, change: Callable[[dict[str, Any]], None] = lambda body: None, *, spec: str = "1.1"
) -> Path:
    """Write an object of one version; ``change`` may break its inventory before it and its sidecar are written."""
    body: dict[str, Any] = {
        "id": f"urn:test:{folder.name}",
        "type": f"https://ocfl.io/{spec}/spec/#inventory",
        "digestAlgorithm": "sha512",
        "head": "v1",
        "manifest": {SHA512: ["v1/content/a.txt"]},
        "versions": {
            "v1": {
                "created": "2026-01-02T03:04:05Z",
                "message": "first",
                "user": {"name": "n", "address": "mailto:n@example.org"},
                "state": {SHA512: ["a.txt"]},
            }
        },
    }
    change(body)
    (folder / "v1" / "content").mkdir(parents=True)
    (folder / "v1" / "content" / "a.txt").write_bytes(TEXT)
    (folder / f"0=ocfl_object_{spec}").write_text(f"ocfl_object_{spec}\n")
    write_inventory(folder, json.dumps(body).encode())
    return folder


def write_inventory(folder: Path, data: bytes) -> None:
    for place in (folder, folder / "v1"):
        (place / "inventory.json").write_bytes(data)
        (place / "inventory.json.sha512").write_text(f"{hashlib.sha512(data).hexdigest()} inventory.json\n")


@pytest.mark.parametrize("spec", ["1.0", "1.1"])
def test_a_whole_object_of_either_version_is_valid_without_a_finding(tmp_path: Path, spec: str) -> None:
    assert judge(make_object(tmp_path / "o", spec=spec)) == CheckResult("ocfl-object", valid=True, findings=())


def _set(*path: str, to: object) -> Callable[[dict[str, Any]], None]:
    def change(body: dict[str, Any]) -> None:
        for key in path[:-1]:
            body = body[key]
        body[path[-1]] = to

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_set("id", to=7), "E037"),
        (_set("id", to="no uri"), "W005"),
        (_set("type", to="https://ocfl.io/9.9/spec/#inventory"), "E038"),
        (_set("type", to="https://ocfl.io/1.0/spec/#inventory"), "E038"),
        (_set("digestAlgorithm", to=["sha512"]), "E025"),
        (_set("head", to="v2"), "E040"),
        (_set("contentDirectory", to=".."), "E018"),
        (_set("contentDirectory", to={}), "E017"),
        (_set("manifest", to=[]), "E106"),
        (_set("manifest", to={SHA512: "v1/content/a.txt"}), "E092"),
        (_set("manifest", to={SHA512: ["v1/content/a.txt"], "x": ["v1/content/b"]}), "E025"),
        (_set("manifest", to={SHA512: ["v1/content/a.txt", "v1/content/a.txt/b"]}), "E101"),
        (_set("manifest", to={SHA512: ["v1/content/a.txt", "v9/content/b"]}), "E042"),
        (_set("manifest", to={SHA512: ["v1/content/a.txt", "v1/content/\ud800"]}), "E092"),
        (_set("manifest", to={SHA512: ["v1/content/a.txt", "v1/content/\0"]}), "E092"),
        (_set("manifest", to={SHA512: ["v1/content/a.txt", "../../etc/passwd"]}), "E099"),
        (_set("versions", to=[]), "E044"),
        (_set("versions", to={}), "E008"),
        (_set("versions", "v1", to=[]), "E047"),
        (_set("versions", "one", to={}), "E104"),
        (_set("versions", "v3", to={"created": "2026-01-02T03:04:05Z", "state": {}}), "E010"),
        (_set("versions", "v1", "created", to="2026-13-02T03:04:05Z"), "E049"),
        (_set("versions", "v1", "created", to="2026-01-02T03:04:05"), "E049"),
        (_set("versions", "v1", "message", to=[]), "E094"),
        (_set("versions", "v1", "state", to=[]), "E050"),
        (_set("versions", "v1", "state", to={SHA512: [1]}), "E051"),
        (_set("versions", "v1", "state", to={SHA512: ["a", "a/b"]}), "E095"),
        (_set("versions", "v1", "more", to=1), "E102"),
        (_set("more", to=1), "E102"),
        (_set("fixity", to=[]), "E111"),
        (_set("fixity", to={"tiger9": {}}), "E056"),
        (_set("fixity", to={"md5": {"0" * 32: ["v1/content/a.txt"]}}), "E093"),
        (_set("fixity", to={"md5": {"xyz": ["v1/content/a.txt"]}}), "E057"),
        (_set("fixity", to={"md5": {"0" * 32: "v1/content/a.txt"}}), "E057"),
    ],
)
def test_every_fault_of_an_inventory_has_its_code(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], code: str
) -> None:
    result = judge(make_object(tmp_path / "o", change))
    assert code in codes(result)
    assert result.valid == code.startswith("W")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b'{"head": 1' + b"0" * 100_000 + b"}",
        b'{"head": NaN}',
        b'{"id": "a", "id": "b"}',
        b'{"manifest": {"a": [], "a": []}}',
    ],
    ids=["empty", "open", "list", "null", "bytes", "mark", "deep list", "deep map", "number", "nan", "twice", "digest"],
)
def test_an_inventory_that_is_no_json_object_is_told_and_hurts_nobody(tmp_path: Path, data: bytes) -> None:
    folder = make_object(tmp_path / "o")
    write_inventory(folder, data)
    result = judge(folder)
    assert codes(result, Severity.ERROR) & {"E033", "E034"}


def test_an_inventory_of_many_megabytes_is_read(tmp_path: Path) -> None:
    def many(body: dict[str, Any]) -> None:
        body["manifest"][SHA512] += [f"v1/content/{number}" for number in range(200_000)]

    result = judge(make_object(tmp_path / "o", many))
    assert codes(result, Severity.ERROR) == {"E092"}


def test_an_inventory_too_large_to_read_is_said_to_be_unread(tmp_path: Path) -> None:
    folder = make_object(tmp_path / "o")
    os.truncate(folder / "inventory.json", 2**40)
    result = judge(folder)
    assert codes(result, Severity.ERROR) == {"unreadable"}


def _link_content(folder: Path) -> None:
    shutil.move(folder / "v1" / "content" / "a.txt", folder.parent / "a.txt")
    (folder / "v1" / "content" / "a.txt").symlink_to(folder.parent / "a.txt")


def _hard_link(folder: Path) -> None:
    os.link(folder / "v1" / "content" / "a.txt", folder.parent / "a.txt")


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / "v1" / "content" / "pipe")


def _pipe_inventory(folder: Path) -> None:
    (folder / "inventory.json").unlink()
    os.mkfifo(folder / "inventory.json")


def _pipe_sidecar(folder: Path) -> None:
    (folder / "inventory.json.sha512").unlink()
    os.mkfifo(folder / "inventory.json.sha512")


def _empty_folder(folder: Path) -> None:
    (folder / "v1" / "content" / "empty").mkdir()


def _second_declaration(folder: Path) -> None:
    (folder / "0=ocfl_object_1.0").write_text("ocfl_object_1.0\n")


def _strange_declaration(folder: Path) -> None:
    (folder / "0=ocfl_object_1.1").rename(folder / "0=ocfl_object_7")


def _no_version(folder: Path) -> None:
    shutil.rmtree(folder / "v1")


def _stray_version(folder: Path) -> None:
    (folder / "v2").mkdir()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_link_content, "E090"),
        (_hard_link, "E090"),
        (_pipe, "special-file"),
        (_pipe_inventory, "E063"),
        (_pipe_sidecar, "E058"),
        (_empty_folder, "E024"),
        (_second_declaration, "E003"),
        (_strange_declaration, "E006"),
        (_no_version, "E046"),
        (_stray_version, "E046"),
    ],
)
def test_what_stands_in_an_object_and_should_not_is_found(
    tmp_path: Path, change: Callable[[Path], None], code: str
) -> None:
    folder = make_object(tmp_path / "o")
    change(folder)
    result = judge(folder)
    assert code in codes(result)
    assert result.valid == (change is _hard_link)


def test_a_folder_of_no_kind_is_judged_as_an_object(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    result = judge(tmp_path / "x")
    assert result.kind == "ocfl-object"
    assert {"E003", "E063"} <= codes(result, Severity.ERROR)


def make_root(folder: Path, *, spec: str = "1.1") -> Path:
    """Write a storage root with two objects."""
    folder.mkdir()
    (folder / f"0=ocfl_{spec}").write_text(f"ocfl_{spec}\n")
    layout = {"extension": "0002-flat-direct-storage-layout", "description": "flat"}
    (folder / "ocfl_layout.json").write_text(json.dumps(layout))
    make_object(folder / "one", spec=spec)
    make_object(folder / "below" / "two", spec=spec)
    return folder


@pytest.mark.parametrize("spec", ["1.0", "1.1"])
def test_a_whole_storage_root_is_valid_without_a_finding(tmp_path: Path, spec: str) -> None:
    assert judge(make_root(tmp_path / "root", spec=spec)) == CheckResult("ocfl-root", valid=True, findings=())


def _write(name: str, text: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)

    return change


def _no_declaration(root: Path) -> None:
    (root / "0=ocfl_1.1").unlink()


def _nothing_but_objects(root: Path) -> None:
    (root / "0=ocfl_1.1").unlink()
    (root / "ocfl_layout.json").unlink()


def _empty(root: Path) -> None:
    (root / "below" / "empty").mkdir()


def _linked(root: Path) -> None:
    (root / "three").symlink_to(root / "one")


def _same_identifier(root: Path) -> None:
    shutil.copytree(root / "one", root / "below" / "copy")


def _older_root(root: Path) -> None:
    (root / "0=ocfl_1.1").unlink()
    (root / "0=ocfl_1.0").write_text("ocfl_1.0\n")


def _damaged(root: Path) -> None:
    (root / "below" / "two" / "v1" / "content" / "a.txt").write_bytes(b"other")


@pytest.mark.parametrize(
    ("change", "code", "file"),
    [
        (_no_declaration, "E069", "0=ocfl_1.1"),
        (_nothing_but_objects, "E069", "0=ocfl_1.1"),
        (_write("0=ocfl_1.0", "ocfl_1.0\n"), "E069", "0=ocfl_1.1"),
        (_write("0=ocfl_1.1", "ocfl_1.1"), "E080", "0=ocfl_1.1"),
        (_write("0=ocfl_9.9", "ocfl_9.9\n"), "E079", "0=ocfl_9.9"),
        (_write("ocfl_layout.json", "{"), "E070", "ocfl_layout.json"),
        (_write("ocfl_layout.json", '{"extension": "0002-flat-direct-storage-layout"}'), "E070", "ocfl_layout.json"),
        (_write("ocfl_layout.json", '{"extension": 7, "description": ""}'), "E071", "ocfl_layout.json"),
        (_write("below/stray.txt", "x"), "E072", "below/stray.txt"),
        (_write("nowhere/stray.txt", "x"), "E088", "nowhere"),
        (_write("extensions/stray.txt", "x"), "E086", "extensions/stray.txt"),
        (_write("extensions/own/config.json", "{}"), "W016", "extensions/own"),
        (_empty, "E073", "below/empty"),
        (_linked, "E090", "three"),
        (_same_identifier, "E037", "one"),
        (_older_root, "E081", "one"),
        (_damaged, "E092", "below/two/v1/content/a.txt"),
    ],
)
def test_every_fault_of_a_storage_root_has_its_code(
    tmp_path: Path, change: Callable[[Path], None], code: str, file: str
) -> None:
    root = make_root(tmp_path / "root")
    change(root)
    result = judge(root)
    assert result.kind == "ocfl-root"
    assert (code, file) in {(f.code, f.file) for f in result.findings}
    assert result.valid == code.startswith("W")


def test_files_in_the_root_itself_that_nobody_knows_are_passed_over(tmp_path: Path) -> None:
    root = make_root(tmp_path / "root")
    (root / "ocfl_1.1.md").write_text("the specification")
    assert judge(root).findings == ()


def test_our_own_stores_are_roots_without_an_error_and_their_versions_are_bags(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    vault.put(make_package(), note="ingest")
    packages = tmp_path / "first" / "packages"
    result = judge(packages)
    assert (result.kind, result.valid) == ("ocfl-root", True)
    (content,) = packages.rglob("v1/content")
    assert kind_of(content) == "bag"
    assert judge(content).findings == ()
