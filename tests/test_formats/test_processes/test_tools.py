"""Children take their faults with them."""

import os
import time
from pathlib import Path

import pytest

from archives.errors import FormatError, ToolFailedError, ToolMissingError
from archives.message import message
from formats.processes.children import ChildExecutor
from formats.processes.tools import run_tool


def square(number: int) -> int:
    """Return the square, making noise on standard output."""
    print("noise")
    return number * number


def hang() -> None:
    """Never return."""
    while True:
        time.sleep(60)  # the child is killed long before


def die() -> None:
    """End the process without a word."""
    os._exit(3)


def refuse() -> None:
    """Raise one of our errors."""
    raise FormatError(message("坏", "bad"), subject="x")


def devour() -> int:
    """Ask for more memory than there may be."""
    return len(bytearray(3 << 30))


def test_a_child_that_hangs_or_dies_fails_its_own_call_only() -> None:
    with ChildExecutor(2, timeout_seconds=8, memory_bytes=2 << 30) as children:
        good = [children.submit(square, number) for number in range(4)]
        bad = [children.submit(hang), children.submit(die)]
        later = children.submit(square, 9)
        assert [future.result() for future in good] == [0, 1, 4, 9]
        for future in bad:
            with pytest.raises(ToolFailedError):
                future.result()
        assert later.result() == 81


def test_errors_come_back_as_themselves() -> None:
    with ChildExecutor(1, timeout_seconds=20, memory_bytes=2 << 30) as children:
        with pytest.raises(FormatError) as raised:
            children.submit(refuse).result()
        assert raised.value.message == message("坏", "bad")
        assert raised.value.subject == "x"
        with pytest.raises(ToolFailedError):
            children.submit(devour).result()


def test_programs_are_run_bounded_and_with_a_clean_environment() -> None:
    assert run_tool(["cat"], timeout_seconds=10, stdin=b"x").stdout == b"x"
    assert b"SECRET" not in run_tool(["env"], timeout_seconds=10, environment={"A": "1"}).stdout
    with pytest.raises(ToolFailedError):
        run_tool(["sh", "-c", "exit 3"], timeout_seconds=10)
    with pytest.raises(ToolFailedError):
        run_tool(["sleep", "30"], timeout_seconds=0.2)
    with pytest.raises(ToolMissingError):
        run_tool(["no-such-program-anywhere"], timeout_seconds=1)


def test_a_tool_works_in_the_folder_it_is_given(tmp_path: Path) -> None:
    assert run_tool(["pwd"], timeout_seconds=10, folder=tmp_path).stdout.decode().strip() == str(tmp_path.resolve())


def test_a_file_that_is_no_program_is_a_tool_that_fails() -> None:
    with pytest.raises(ToolFailedError):
        run_tool(["/etc/passwd"], timeout_seconds=10)
