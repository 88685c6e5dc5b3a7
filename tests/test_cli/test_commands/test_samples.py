"""The walk over the sample records holds, step by step, as the demonstration and their README say; nothing is recognised here."""

from pathlib import Path

import pytest

from scripts.main_job import BATCHES, DIRTY, HOLDINGS, SAMPLES
from tests.support.command_line import Jinkui, Prepared

COUNTY = "990121"
TABLES = SAMPLES / "catalogue" / COUNTY


def the_county(jinkui: Jinkui) -> None:
    """Describe the county's archives and its fonds."""
    jinkui("repository", "add", COUNTY, "--name", "青峤县档案馆")
    jinkui("fonds", "import", str(SAMPLES / "fonds" / f"{COUNTY}.csv"))


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(the_county, tmp_path, capsys)


def test_what_is_not_digitised_comes_in_clean_and_the_dirty_table_says_what_the_readme_says(jinkui: Jinkui) -> None:
    told = jinkui.json("catalogue", "import", *(str(TABLES / name) for name in HOLDINGS))
    assert (told["dirt"], told["findings"]) == ([], [])
    listed = jinkui.json("catalogue", "list", "--most", "100")
    assert {one["state"] for one in listed["units"] if one["level"] == "案卷"} == {"未数字化"}
    assert [one["title"] for one in jinkui.json("catalogue", "list", "--state", "实物")["units"]] != []
    dirty = jinkui.json("catalogue", "import", str(TABLES / DIRTY), "--dry-run", code=12)
    readme = (SAMPLES / "README.md").read_text("utf-8")
    assert [(one["code"], one["count"]) for one in dirty["dirt"] if f"`{one['code']}`" not in readme] == []
    assert {one["count"] for one in dirty["dirt"]} == {1}
    assert len(dirty["dirt"]) == 8
    corrected = jinkui.json("describe", str(TABLES / "更正.csv"), "--reason", "as on the covers")
    assert (corrected["corrected"], corrected["findings"]) == (2, [])


def test_every_batch_of_the_samples_is_taken_in_by_the_walk_and_the_volume_is_one_record(jinkui: Jinkui) -> None:
    assert {*BATCHES} == {one.name for one in (SAMPLES / "batches").iterdir()}
    told = jinkui.json("ingest", str(SAMPLES / "batches" / "990121-volumes"), "--dry-run")
    (record,) = told["records"]
    assert (record["archival_code"], record["findings"]) == ("K033-2-0007", [])
