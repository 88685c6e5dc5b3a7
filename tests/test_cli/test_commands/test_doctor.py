"""A doctor who cannot look at one thing looks at the rest, and calls nothing good that nobody saw."""

from pathlib import Path

import pytest

from tests.support.command_line import Jinkui, Prepared, just_begun


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(just_begun, tmp_path, capsys)


def checks(jinkui: Jinkui, code: int) -> dict[str, dict[str, str]]:
    return {one["name"]: one for one in jinkui.json("doctor", code=code)["checks"]}


def test_a_damaged_work_database_keeps_nobody_from_looking_at_the_rest(jinkui: Jinkui) -> None:
    whole = checks(jinkui, 0)
    (jinkui.home / "work.db").write_bytes(b"garbage" * 1000)
    found = checks(jinkui, 9)
    unseen = [one for one in found.values() if one["state"] == "not-looked-at"]
    assert len(unseen) == 1, "one cause is said once"
    assert "work.db" in unseen[0]["advice"]
    assert "what is on schedule" in unseen[0]["message"]
    assert {name for name in whole if name.startswith(("store-", "key", "published"))} <= set(found)
    assert "could not look" in jinkui("doctor", code=9)


@pytest.mark.parametrize("text", ["", "copies = ["])
def test_settings_that_cannot_be_used_leave_what_is_installed_to_look_at(jinkui: Jinkui, text: str) -> None:
    (jinkui.home / "jinkui.toml").write_text(text, "utf-8")
    found = checks(jinkui, 3)
    assert (found["settings"]["state"], found["archive"]["state"]) == ("missing", "not-looked-at")
    assert "jinkui.toml" in found["settings"]["advice"]
    assert {"confinement", "ocr-en"} <= set(found)
