"""The demonstration's script, as far as it can do harm: it begins with a folder of its own."""

import os
import re
import subprocess
from pathlib import Path

import openpyxl
import pytest

from archives.message import Language
from scripts.main_job import farewell
from tests.support.batches import make_image

ROOT = Path(__file__).resolve().parent.parent


def demo(root: Path, *arguments: str, code: int, locale: str = "C.UTF-8") -> str:
    """Run the script in a copy of the checkout in which nothing is installed and the main job only says where it is."""
    environment = {**os.environ, "LC_ALL": locale}
    done = subprocess.run(["bash", root / "scripts/demo", *arguments], capture_output=True, text=True, env=environment)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def checkout(folder: Path) -> Path:
    """Make the part of a checkout that the script needs."""
    (folder / "scripts").mkdir()
    (folder / "scripts/demo").write_bytes((ROOT / "scripts/demo").read_bytes())
    (folder / "scripts/setup.sh").write_text("set_up() { :; }\n")
    python = folder / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho main job in $3 speaks $5\n")
    python.chmod(0o755)
    return folder


def test_a_folder_that_no_demonstration_made_is_refused_and_not_touched(tmp_path: Path) -> None:
    root = checkout(tmp_path)
    precious = tmp_path / "mine"
    precious.mkdir()
    (precious / "thesis.txt").write_text("three years")
    told = demo(root, "--yes", "--no-serve", "--home", str(precious), code=6)
    assert "nothing was touched" in told
    assert (precious / "thesis.txt").read_text() == "three years"
    assert [path.name for path in precious.iterdir()] == ["thesis.txt"]


def test_an_earlier_demonstration_is_replaced_only_when_somebody_said_so(tmp_path: Path) -> None:
    root = checkout(tmp_path)
    demo(root, "--no-serve", "--home", "here", code=0)
    kept = tmp_path / "here/jinkui.toml"
    kept.write_text("")
    demo(root, "--no-serve", "--home", "here", code=6)
    assert kept.exists()
    assert "main job in here" in demo(root, "--yes", "--no-serve", "--home", "here", code=0)
    assert not kept.exists()


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "演示没有走完（退出码 12）"), ("en", "did not come to its end (exit code 12)")]
)
def test_a_job_that_ends_before_its_end_says_how_to_go_on(tmp_path: Path, language: str, said: str) -> None:
    root = checkout(tmp_path)
    (root / ".venv/bin/python").write_text("#!/bin/sh\nexit 12\n")
    told = demo(root, "--no-serve", "--home", "here", "--lang", language, code=12)
    assert said in told
    assert "scripts/demo --home here --yes" in told


def test_a_second_run_takes_a_new_folder(tmp_path: Path) -> None:
    root = checkout(tmp_path)
    places = [demo(root, "--yes", "--no-serve", code=0).splitlines()[-1] for _ in range(3)]
    assert places == [f"main job in {name} speaks en" for name in ("demo-home", "demo-home-2", "demo-home-3")]


@pytest.mark.parametrize(
    ("arguments", "locale", "language"),
    [
        ((), "zh_CN.UTF-8", "zh"),
        ((), "C.UTF-8", "en"),
        (("--lang", "en"), "zh_CN.UTF-8", "en"),
        (("--lang", "zh"), "C", "zh"),
    ],
)
def test_it_speaks_the_language_that_is_asked_for_else_that_of_the_system(
    tmp_path: Path, arguments: tuple[str, ...], locale: str, language: str
) -> None:
    told = demo(checkout(tmp_path), "--no-serve", *arguments, code=0, locale=locale)
    assert f"speaks {language}" in told
    assert ("演示用的档案库" in told, "The archive of" in told) == (language == "zh", language == "en")


def test_a_language_that_it_does_not_speak_is_misused(tmp_path: Path) -> None:
    demo(checkout(tmp_path), "--lang", "fr", code=2)
    assert not (tmp_path / "demo-home").exists()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_its_last_three_lines_work_when_they_are_pasted(tmp_path: Path, language: Language) -> None:
    person = tmp_path / "a person's home"
    (person / "my-archive").mkdir(parents=True)
    said = farewell(tmp_path / "demo-home", person).text(language)
    assert str(tmp_path / "demo-home") in said
    first, second, third = (line for line in said.splitlines() if re.match(r"\S*(?:jinkui |mkdir )", line))
    paste(first, code=0)
    paste(second, code=0)
    sheet = person / "my-batch" / "catalogue.xlsx"
    book = openpyxl.load_workbook(sheet)
    for cell, value in zip(
        book.worksheets[0][2], next(book.worksheets[1].iter_rows(min_row=3, values_only=True)), strict=True
    ):
        cell.value = value
    book.save(sheet)
    for name in ("001.jpg", "002.jpg"):
        make_image(sheet.parent / name)
    told = paste(third, code=12)
    assert "X001-WS·2024-Y-BGS-0001" in told
    assert not [*(person / "my-archive").iterdir()], "what is there is left alone"
    assert [*(person / "my-archive-2").rglob("001.jpg")]


def paste(line: str, *, code: int) -> str:
    """Run a line as a shell does."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, env=environment)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr
