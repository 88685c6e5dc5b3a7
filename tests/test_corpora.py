"""A corpus that is not there is named: skipped where nobody promised it, failed where it has to be."""

from pathlib import Path

import pytest

from tests.support import corpora
from tests.support.suites import Compared, drawn


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(corpora, "SHARED", tmp_path)
    return monkeypatch


def test_a_corpus_that_is_not_there_is_skipped_and_named(empty: pytest.MonkeyPatch) -> None:
    empty.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"\.\./shared/corpora/scans"):
        corpora.shared("corpora/scans")
    assert "../shared/corpora/bags" in repr(corpora.folders_of("bags", "*"))
    assert corpora.naughty_strings() == []


def test_a_corpus_that_is_not_there_fails_where_it_is_promised(empty: pytest.MonkeyPatch) -> None:
    empty.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"\.\./shared/corpora/scans"):
        corpora.shared("corpora/scans")
    with pytest.raises(FileNotFoundError, match=r"\.\./shared/corpora/bags"):
        corpora.folders_of("bags", "*")
    with pytest.raises(pytest.fail.Exception, match="naughty-strings"):
        corpora.naughty_strings()


def test_a_seed_draws_the_same_files_and_as_many_of_each_folder(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("a", "b")]
    for folder in folders:
        folder.mkdir()
        for number in range(9):
            (folder / f"{number}.txt").write_text("x")
    files = drawn(folders, 5, 7)
    assert files == drawn(folders, 5, 7)
    assert [sum(file.parent == folder for file in files) for folder in folders] == [3, 2]


@pytest.mark.parametrize(
    ("missing", "findings", "is_silent"), [((), (), False), (("w",), (), True), (("w",), ("c",), False)]
)
def test_words_that_are_missing_without_a_finding_are_silent(
    missing: tuple[str, ...], findings: tuple[str, ...], is_silent: bool
) -> None:
    assert Compared(Path("a"), "stored", findings, missing).is_silent is is_silent
