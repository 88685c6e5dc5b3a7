"""The place at which a service is reached is taken first, or told why it cannot be."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from archives.errors import ConfigurationError, ConflictError
from cli.commands.operate.listening import listening
from cli.frame.commands import Call
from cli.frame.output import Output
from tests.support.command_line import Jinkui, Prepared, just_begun


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port: int = other.getsockname()[1]
        yield port


def call(opened: ExitStack, home: Path) -> Call:
    """Return the call of a command."""
    return Call(home, Output("en", as_json=False), opened)


@pytest.mark.parametrize("more", [(), ("--storage-api",)])
def test_a_port_that_somebody_has_ends_the_command_at_once_and_names_a_free_one(
    prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str], taken: int, more: tuple[str, ...]
) -> None:
    jinkui: Jinkui = prepared.copy(just_begun, tmp_path / "archive", capsys)
    said = jinkui.json("serve", "--port", str(taken), *more, code=6)["error"]
    assert f"port {taken} of 127.0.0.1 is taken" in said["message"]
    assert "--port" in said["advice"]


def test_from_then_on_nobody_else_gets_the_port_until_the_command_ends(tmp_path: Path, taken: int) -> None:
    with ExitStack() as opened:
        (own,) = listening(call(opened, tmp_path), "127.0.0.1", 0)
        port = own.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            pass
        with ExitStack() as other, pytest.raises(ConflictError):
            listening(call(other, tmp_path), "127.0.0.1", port)
    with socket.create_server(("127.0.0.1", port)):
        pass


def test_an_address_of_another_machine_is_a_setting_that_cannot_be_used(tmp_path: Path) -> None:
    for host in ("192.0.2.1", "no.such.host.invalid"):
        with ExitStack() as opened, pytest.raises(ConfigurationError):
            listening(call(opened, tmp_path), host, 8077)
