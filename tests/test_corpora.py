"""A corpus that is not there is named: skipped where nobody promised it, failed where it has to be."""

from pathlib import Path

import pytest

from tests.support import corpora


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
