"""What somebody is told who did not write a command as it should be."""

from pathlib import Path

import pytest

from cli.main import run
from tests.support.command_line import Jinkui


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: int, lang: str = "en") -> tuple[str, str]:
    """Run the program without a home of its own; return what it says on standard output and error."""
    capsys.readouterr()
    assert run(["--lang", lang, *arguments][2 if not arguments else 0 :]) == code
    out, err = capsys.readouterr()
    return out, err


def test_nothing_but_the_name_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    out, err = told(capsys, code=0)
    assert err == ""
    assert "jinkui init" in out


@pytest.mark.parametrize("options", [("--lang", "zh"), ("--home", "x")])
def test_options_without_a_command_show_what_there_is(
    capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    out, err = told(capsys, *options, code=0)
    assert err == ""
    assert "jinkui init" in out


@pytest.mark.parametrize(("lang", "words"), [("en", "needs a word more"), ("zh", "之后还要写做什么")])
def test_a_noun_alone_is_a_usage_error_that_lists_its_verbs(
    capsys: pytest.CaptureFixture[str], lang: str, words: str
) -> None:
    out, err = told(capsys, "store", code=2, lang=lang)
    assert out == ""
    assert words in err
    assert "  attach " in err and "jinkui store list" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ingest", "--repositry", "1"), "did you mean --repository, "),
        (("ingest", "--home", "x"), "--home stands before the command"),
        (("--json", "doctor"), "--json stands behind the command"),
        (("store", "remove", "x"), "after jinkui store stands one of: add, list, check"),
        (("store", "chek"), "did you mean check?"),
        (("backup",), "here it may be: jinkui home backup, jinkui store add, jinkui replicate"),
        (("serve", "--port", "0"), "from 1 to 65535"),
        (("serve", "--port", "70000"), "from 1 to 65535"),
        (("serve", "--port", "abc"), "from 1 to 65535"),
    ],
)
def test_what_is_mistyped_is_told_what_is_meant(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    assert words in "".join(told(capsys, *arguments, code=2))


def test_a_home_that_can_be_none_is_told_before_anything_is_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.write_text("mine", "utf-8")
    for home in (file, file / "below"):
        for command in ("init", "doctor"):
            said = Jinkui(home, capsys)(command, code=2)
            assert f"{file} is a file" in said
    said = Jinkui(Path("/proc/nothing"), capsys)("init", code=2)
    assert "no archive can be made" in said
    assert file.read_text("utf-8") == "mine"
