"""Homes with packages in them, without the time that reading pages takes."""

from pathlib import Path

from cli.frame.output import Output
from cli.home.home import Home, open_home
from tests.support.vaults import make_package


def quiet(folder: Path) -> Home:
    """Open a home that exists."""
    return open_home(folder, Output("en", as_json=False))


def fill(folder: Path, *numbers: int) -> None:
    """Put small packages into a home."""
    with quiet(folder) as home:
        home.begin_writing()
        for number in numbers:
            home.vault.put(make_package(number), note="ingest")
        home.refresh()


def set_audit(folder: Path, key: str, value: str) -> None:
    """Change one key of a home's ``[audit]`` settings."""
    path = folder / "jinkui.toml"
    lines = path.read_text("utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith(f"{key} ="))
    lines[at] = f"{key} = {value}"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
