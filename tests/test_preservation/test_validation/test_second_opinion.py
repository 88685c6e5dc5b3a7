"""bagit-python is asked beside us; it can neither hang us nor decide."""

import os
from concurrent.futures import Executor
from pathlib import Path

from archives.findings import Severity
from archives.message import message
from formats.processes.children import ChildExecutor
from preservation.digests.many_files import Digesting
from preservation.digests.tree import read_tree
from preservation.validation.second_opinion import SecondOpinion, compare, second_opinion
from preservation.validation.validate import check
from tests.support.bags import make_bag


def children() -> Executor:
    return ChildExecutor(1, timeout_seconds=60)


def opinion_of(bag: Path) -> SecondOpinion:
    return second_opinion(read_tree(bag), children)


def test_it_says_valid_and_not_valid_with_its_reason(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "bag")
    whole = opinion_of(bag)
    assert (whole.tool, whole.valid, str(whole.message)) == ("bagit-python", True, "")
    assert compare(whole, valid=True) == ()
    (bag / "data" / "a.txt").write_bytes(b"onf")
    broken = opinion_of(bag)
    assert broken.valid is False
    assert "a.txt" in str(broken.message)


def test_our_verdict_stands_when_it_disagrees(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "bag")
    (bag / "data" / "a.txt").rename(bag / "a.txt")
    (bag / "data" / "a.txt").symlink_to(bag / "a.txt")
    with Digesting(2) as digesting:
        result = check(bag, digesting).with_opinion(opinion_of(bag))
    assert result.second_opinion
    assert result.second_opinion.valid is True
    assert not result.valid
    assert result.findings[-1].code == "second-opinion-differs"
    assert result.findings[-1].severity is Severity.NOTE
    (other,) = compare(SecondOpinion("bagit-python", "1", False, message("为何", "why")), valid=True)
    assert (other.code, other.severity) == ("second-opinion-differs", Severity.WARNING)


def test_a_pipe_that_it_would_wait_for_is_not_given_to_it(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "bag")
    os.mkfifo(bag / "data" / "pipe")
    opinion = opinion_of(bag)
    assert opinion.valid is None
    assert "pipe" in str(opinion.message)
    assert [found.code for found in compare(opinion, valid=False)] == ["second-opinion-missing"]


def test_when_it_takes_too_long_there_is_no_verdict(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "bag")
    opinion = second_opinion(read_tree(bag), lambda: ChildExecutor(1, timeout_seconds=0.001))
    assert opinion.valid is None
