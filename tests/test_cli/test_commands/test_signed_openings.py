"""Where two persons' signatures are required, nothing opens without them, whoever has the archive's own key."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from archives.journal.facts import Fact, OpeningDecided, OpeningSignatures
from tests.support.command_line import Jinkui, Prepared
from tests.support.homes import quiet
from tests.test_cli.test_commands.test_closing import decide
from tests.test_cli.test_commands.test_keys import outsider
from tests.test_cli.test_commands.test_persons import founded, signed
from tests.test_cli.test_commands.test_review import CODES, batch, public

WHY = ("--reason", "as of this year")


def required(jinkui: Jinkui) -> None:
    """Make an archive with two closed documents and two persons who have to sign openings."""
    founded(jinkui)
    jinkui("repository", "add", "990001", "--name", "馆", "--name-en", "Archives", "--kind", "馆")
    jinkui("ingest", batch(jinkui.home.parent / "batch", texts=("canary one", "canary two")), code=12)
    both = signed(jinkui.home.parent, "zhang", "li")
    jinkui("opening", "signatures", "--require", *WHY, code=5)
    jinkui("opening", "signatures", "--require", *WHY, *signed(jinkui.home.parent, "zhang"), code=5)
    assert jinkui.json("opening", "signatures", "--require", *WHY, *both)["required"] is True


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(required, tmp_path, capsys)


def sheet(jinkui: Jinkui, conclusion: str = "开放", *, codes: tuple[str, ...] = CODES) -> str:
    """Write a sheet that decides about records."""
    return str(decide(jinkui.home.parent, *((code, conclusion, "2021-09-01", "全文") for code in codes)))


def append(jinkui: Jinkui, *facts: Fact) -> None:
    """Write into the journal as somebody could who has the home, and no person's key."""
    with quiet(jinkui.home) as home:
        home.begin_writing()
        home.vault.ledger.append(facts)
        home.follow()


def decisions(jinkui: Jinkui) -> list[OpeningDecided]:
    """Return the opening decisions that the journal holds."""
    with quiet(jinkui.home) as home:
        facts = [entry.fact for entry in home.vault.ledger.entries()]
    return [fact for fact in facts if isinstance(fact, OpeningDecided)]


def test_a_decision_opens_with_two_signatures_only(jinkui: Jinkui, tmp_path: Path) -> None:
    for few in ((), signed(tmp_path, "zhang"), signed(tmp_path, "zhang", "zhang")):
        done = jinkui.json("opening", "apply", sheet(jinkui), *few, code=12)
        assert done["applied"] == []
        assert public(jinkui) == 0
    jinkui("opening", "apply", sheet(jinkui), *signed(tmp_path, "zhang", "li"))
    assert public(jinkui) == 2
    assert jinkui.json("rebuild")["published"] == 2
    jinkui("opening", "apply", sheet(jinkui, "不开放", codes=CODES[:1]))
    assert public(jinkui) == 1, "closing needs nobody"
    jinkui("journal", "verify")
    key = jinkui.json("key", "show")["public_key"]
    assert outsider(jinkui, key)[0] == 0


@pytest.mark.parametrize("forged", ["unsigned", "replayed", "another record's", "widened"])
def test_what_two_did_not_sign_opens_nothing_and_is_told(jinkui: Jinkui, tmp_path: Path, forged: str) -> None:
    jinkui("opening", "apply", sheet(jinkui), *signed(tmp_path, "zhang", "li"))
    one, other = decisions(jinkui)
    for code in CODES:
        jinkui("opening", "withdraw", code, "--reason", "names a living person")
    changed: dict[str, OpeningDecided] = {
        "unsigned": replace(one, signed_by=()),
        "replayed": one,
        "another record's": replace(other, archival_code=one.archival_code),
        "widened": replace(one, after=one.after + 100),
    }
    append(jinkui, changed[forged])
    assert public(jinkui) == 0
    assert jinkui.json("rebuild")["published"] == 0
    assert len(jinkui.json("journal", "verify", code=12)["unsigned_openings"]) == 1
    key = jinkui.json("key", "show")["public_key"]
    verdict, said = outsider(jinkui, key)
    assert (verdict, "did not sign it" in said) == (1, True)


def test_nobody_waives_signatures_alone(jinkui: Jinkui, tmp_path: Path) -> None:
    append(jinkui, OpeningSignatures(False, "x", 10_000))
    assert jinkui.json("opening", "signatures")["required"] is True
    assert jinkui.json("journal", "verify", code=12)["disregarded"]
    jinkui("opening", "signatures", "--waive", *WHY, *signed(tmp_path, "zhang"), code=5)
    jinkui("opening", "signatures", "--waive", *WHY, *signed(tmp_path, "zhang", "li"))
    jinkui("opening", "apply", sheet(jinkui))
    assert public(jinkui) == 2
    with quiet(jinkui.home) as home:
        (waived,) = [
            entry.fact
            for entry in home.vault.ledger.entries()
            if isinstance(entry.fact, OpeningSignatures) and entry.fact.signed_by and not entry.fact.required
        ]
    jinkui("opening", "signatures", "--require", *WHY, *signed(tmp_path, "zhang", "li"))
    append(jinkui, waived)
    assert jinkui.json("opening", "signatures")["required"] is True, "what was signed once is not signed for ever"


def test_a_second_review_in_bulk_is_signed_by_two_under_two_names(jinkui: Jinkui, tmp_path: Path) -> None:
    both = signed(tmp_path, "zhang", "li")
    jinkui("opening", "apply", sheet(jinkui), *both)
    folder = batch(tmp_path / "batch", texts=("canary one", "canary two"), titles=("Another title", "Report 2"))
    jinkui("ingest", folder, "--update", code=12)
    approve: Any = ("opening", "review", "--unchanged-images", "--reviewer", "Wang")
    jinkui(*approve, "--approver", "Ｗａｎｇ\u200b", *both, code=5)
    jinkui(*approve, "--approver", "Li", code=5)
    assert public(jinkui) == 1
    jinkui(*approve, "--approver", "Li", *both)
    assert public(jinkui) == 2


def test_a_record_that_was_never_open_does_not_open_before_its_review(jinkui: Jinkui, tmp_path: Path) -> None:
    """A sheet that carries the digest of what was reviewed is no reason to believe in another day."""
    with quiet(jinkui.home) as home:
        reviewed = {h.description.code.written: h.reviewed for h in home.holdings.changed_after(0)}
    path = Path(sheet(jinkui, codes=CODES[:1]))
    head, row = path.read_text("utf-8").splitlines()
    day = date(2022, 1, 1).isoformat()
    titles = head.split(",")
    cells = row.split(",")
    cells[titles.index("审核日期")] = day
    path.write_text(f"{head},审核摘要\n{','.join(cells)},{reviewed[CODES[0]]}\n", "utf-8")
    done = jinkui.json("opening", "apply", str(path), *signed(tmp_path, "zhang", "li"), code=12)
    assert done["applied"] == []
