"""Keys of the storage API and its results, as an administrator meets them."""

from pathlib import Path

import pytest

from preservation.witness.fixity_log import CheckResult, FixityLog, ReportedScan
from tests.support.command_line import Jinkui, Prepared, just_begun
from tests.support.homes import quiet
from tests.support.vaults import MOMENT, make_package

PACKAGE = make_package(1).package_id.value
RUN = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(just_begun, tmp_path, capsys)


def test_a_key_is_shown_once_and_taken_back(jinkui: Jinkui) -> None:
    key = jinkui.json("api-key", "add", "watch")["key"]
    assert len(key) >= 43  # 32 bytes in base64
    assert key not in jinkui("api-key", "list")
    assert [one["user"] for one in jinkui.json("api-key", "list")["keys"]] == ["watch"]
    jinkui("api-key", "add", "watch", code=6)
    jinkui("api-key", "add", "a:b", code=3)
    jinkui("api-key", "revoke", "watch")
    jinkui("api-key", "revoke", "watch", code=4)
    assert jinkui.json("api-key", "add", "watch")["key"] != key


def test_checks_and_scans_that_never_ended_are_shown(jinkui: Jinkui) -> None:
    log = FixityLog(quiet(jinkui.home).work)
    for success in (True, False, None):
        log.record(CheckResult(PACKAGE, MOMENT, "watch", success, "1 changed" if success is False else ""))
    log.report(ReportedScan(PACKAGE, RUN, int(MOMENT.timestamp()), None, {}))
    shown = jinkui("api-key", "results")
    assert ("could not be checked" in shown, "not whole" in shown, "1 changed" in shown) == (True, True, True)
    assert "not run" in shown
    assert "未运行" in jinkui("api-key", "results", lang="zh")
    assert len(jinkui.json("api-key", "results", "--limit", "1")["results"]) == 1
