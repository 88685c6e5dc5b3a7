"""Every kind of store is registered whole: found by its address, told of in settings, help and README, opened as said."""

import importlib
import pkgutil
import re
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

import pytest

import preservation.stores
from archives.errors import ConfigurationError
from archives.message import message
from preservation.stores.local import FolderSetting
from preservation.stores.object_storage import ObjectStorageSetting
from preservation.stores.registry import KINDS, addresses, every_key, setting_for
from preservation.stores.setting import COMMON_KEYS, StoreSetting, Told, keys_of
from tests.support.store_kinds import PLACES

README = (Path(__file__).parents[3] / "README.md").read_text("utf-8")

pytestmark = pytest.mark.s3


@pytest.mark.parametrize("setting", KINDS)
def test_a_kind_is_known_by_its_address_alone(setting: type[StoreSetting]) -> None:
    examples = {key.name: key.example for key in keys_of(setting)}
    stated = {setting.kind.address: examples[setting.kind.address]}
    assert str(stated[setting.kind.address]).startswith(setting.kind.begins)
    assert setting_for(stated) is setting
    assert setting_for({**stated, **{key: "" for key in addresses() if key not in stated}}) is setting


@pytest.mark.parametrize("stated", [{}, {"path": ""}, {"path": "x", "url": "s3://b"}, {"url": "ftp://x"}, {"url": 1}])
def test_what_names_no_place_or_two_is_of_no_kind(stated: dict[str, object]) -> None:
    assert setting_for(stated) is None


def test_kinds_are_told_apart_in_answers_and_by_their_addresses() -> None:
    assert len({setting.kind.name for setting in KINDS}) == len(KINDS)
    assert len({(setting.kind.address, setting.kind.begins) for setting in KINDS}) == len(KINDS)


@pytest.mark.parametrize("setting", KINDS)
def test_a_store_is_what_its_setting_says_before_it_is_opened(
    setting: type[StoreSetting], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    described = PLACES[setting](tmp_path, request)
    store = described.open(tmp_path, {})
    said = described.properties(tmp_path)
    assert (store.name, store.properties.folder) == (described.name, said.folder)
    assert described.address in said.where


@pytest.mark.parametrize("setting", KINDS)
def test_what_stands_in_a_place_is_seen_before_it_is_a_store(
    setting: type[StoreSetting], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    described = PLACES[setting](tmp_path, request)
    assert described.names_there(tmp_path, {}) == frozenset()
    store = described.open(tmp_path, {})
    for place in ("reports/2001.doc", "lost+found/#7", ".DS_Store"):
        store.create(PurePosixPath(place), [b"x"])
    assert described.names_there(tmp_path, {}) == {"reports"}


def test_no_kind_stands_outside_the_registry() -> None:
    for module in pkgutil.iter_modules(preservation.stores.__path__, "preservation.stores."):
        importlib.import_module(module.name)
    known = {kind for kind in StoreSetting.__subclasses__() if kind.__module__.startswith("preservation.")}
    assert known == set(KINDS)


@pytest.mark.parametrize("setting", KINDS)
def test_the_readme_shows_how_a_store_of_each_kind_is_added(setting: type[StoreSetting]) -> None:
    command = " ".join(f"--{key.name} {key.example}" for key in keys_of(setting) if key.example is not None)
    assert re.search(rf"store add [a-z]+ {re.escape(command)}`", " ".join(README.split()))


def test_every_key_is_told_of_once_and_means_one_thing_to_all_kinds() -> None:
    names = [key.name for key in every_key()]
    assert sorted(names) == sorted(set(names))
    for key in every_key():
        same = [own for setting in KINDS for own in (*keys_of(setting), *COMMON_KEYS) if own.name == key.name]
        assert {own.type for own in same} == {key.type}
        assert key.said.text("zh") != key.said.text("en")
        assert key.example is not None or key.default not in ("", None)


def test_a_key_that_two_kinds_have_is_told_of_by_both() -> None:
    class Other(FolderSetting):
        path: Annotated[str, Told(message("镜像", "a mirror"))] = ""

    (path,) = [key for key in every_key((FolderSetting, Other)) if key.name == "path"]
    assert (path.said.text("zh"), path.said.text("en")) == ("文件夹；镜像", "a folder; a mirror")


@pytest.mark.parametrize(
    "change", [{"name": "a b"}, {"url": "s3:///x"}, {"timeout_seconds": 0.0}, {"timeout_seconds": float("nan")}]
)
def test_a_setting_that_cannot_be_is_refused_when_it_is_made(change: dict[str, Any]) -> None:
    whole = ObjectStorageSetting(name="s", url="s3://bucket/a/")
    assert (whole.bucket, whole.prefix) == ("bucket", "a")
    with pytest.raises(ValueError, match=r"name|url|timeout"):
        replace(whole, **change)


def test_the_key_of_object_storage_comes_from_what_was_handed_in(tmp_path: Path) -> None:
    setting = ObjectStorageSetting(name="s", url="s3://bucket")
    given = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    assert setting.open(tmp_path, given).properties.where == "s3://bucket"
    with pytest.raises(ConfigurationError, match="AWS_SECRET_ACCESS_KEY"):
        setting.open(tmp_path, {"AWS_ACCESS_KEY_ID": "a"})
    for text, mode in (("access-key-id = 'a'", 0o600), ("[", 0o600), ("", 0o644)):
        (tmp_path / "key.toml").write_text(text, "utf-8")
        (tmp_path / "key.toml").chmod(mode)
        with pytest.raises(ConfigurationError):
            replace(setting, credentials_file="key.toml").open(tmp_path, given)
