"""What bagit-python, which nobody here wrote, says of a bag; it runs in a child that cannot hang us or print."""

import importlib.metadata
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

from archives.findings import Finding, note, warning
from archives.message import Message, message
from preservation.digests.tree import Tree

_TOOL = "bagit-python"
_LONGEST_MESSAGE = 2000


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """Another validator's verdict; ``valid`` is None when it gave none, ``message`` says why or what is wrong."""

    tool: str
    version: str
    valid: bool | None
    message: Message


NOT_ASKED = SecondOpinion(
    _TOOL,
    importlib.metadata.version("bagit"),
    None,
    message("它只看 BagIt 包，没有问它", "it knows bags only and was not asked"),
)


def second_opinion(tree: Tree, children: Callable[[], Executor]) -> SecondOpinion:
    """Ask bagit-python whether a bag is valid; ``children`` makes an executor whose calls have a time limit."""
    version = importlib.metadata.version("bagit")
    if tree.specials:
        return SecondOpinion(
            _TOOL,
            version,
            None,
            message("没有问它：它会一直等 {place}", "not asked: it would wait for {place}", place=tree.specials[0]),
        )
    executor = children()
    try:
        answer = executor.submit(_ask, str(tree.root))
        failure = answer.exception()
    finally:
        executor.shutdown(cancel_futures=True)
    if failure is not None:  # of whatever kind: it is bagit-python's own
        return SecondOpinion(_TOOL, version, None, _words(str(failure)))
    valid, said = answer.result()
    return SecondOpinion(_TOOL, version, valid, _words(said))


def compare(opinion: SecondOpinion, *, valid: bool) -> tuple[Finding, ...]:
    """Return what there is to say when the other validator does not agree, or gave no answer."""
    if opinion.valid is None:
        said = message("bagit-python 没有给出结论：{why}", "bagit-python gave no verdict: {why}", why=opinion.message)
        return (note("second-opinion-missing", said),)
    if opinion.valid == valid:
        return ()
    theirs = _VALID if opinion.valid else _INVALID
    said = message(
        "bagit-python 的结论不同：{theirs}。{why}",
        "bagit-python says otherwise: {theirs}. {why}",
        theirs=theirs,
        why=opinion.message,
    )
    return ((note if opinion.valid else warning)("second-opinion-differs", said),)


_VALID: Message = message("有效", "valid")
_INVALID: Message = message("无效", "not valid")


def _words(said: str) -> Message:
    return message("{words}", "{words}", words=said[:_LONGEST_MESSAGE])


def _ask(path: str) -> tuple[bool, str]:
    import logging

    import bagit

    logging.disable(logging.CRITICAL)
    try:
        bagit.Bag(path).validate()
    except (bagit.BagError, OSError, ValueError, LookupError) as verdict:
        return False, str(verdict)
    return True, ""
