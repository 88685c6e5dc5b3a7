"""The jinkui command: one language at a time, one JSON document, an exit code for every outcome."""

import csv
import re
import shutil
import tomllib
from pathlib import Path

import openpyxl
import pytest

from archives.errors import JinkuiError
from cli.home.default_settings import DEFAULT_FILE
from cli.home.settings.reading import parse_settings
from cli.home.settings.settings import Settings
from cli.main import run
from preservation.stores.registry import every_key
from tests.support.batches import make_batch
from tests.support.command_line import Jinkui, Prepared

HAN = re.compile(r"[㐀-鿿]")


def founded(jinkui: Jinkui) -> None:
    """Make what the tests here begin with."""
    jinkui("repository", "add", "990001", "--name", "岭澜省档案馆", "--name-en", "Linglan", "--kind", "馆")


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(founded, tmp_path, capsys)


@pytest.mark.parametrize(
    "command", [(), ("ingest",), ("opening",), ("opening", "apply"), ("audit",), ("repository", "add")]
)
def test_help_is_in_one_language(tmp_path: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]) -> None:
    jinkui = Jinkui(tmp_path, capsys)
    english = jinkui(*command, "--help")
    assert not HAN.search(re.sub("馆|室", "", english)), english
    chinese = jinkui(*command, "--help", lang="zh")
    assert "用法" in chinese
    for word in ("Usage", "Options:", "Commands:", "Show this", "show this"):
        assert word not in chinese


@pytest.mark.parametrize(
    "arguments",
    [("nonsense",), ("audit", "--nonsense"), ("ingest",), ("show", "a", "b"), ("search", "a", "--limit", "x")],
)
def test_usage_errors_are_in_one_language_and_exit_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    jinkui = Jinkui(tmp_path, capsys)
    assert not HAN.search(jinkui(*arguments, code=2))
    assert HAN.search(jinkui(*arguments, code=2, lang="zh"))
    assert jinkui.json(*arguments, code=2)["error"]["code"] == "usage"


def test_errors_have_their_exit_codes_and_say_what_to_do(jinkui: Jinkui, tmp_path: Path) -> None:
    for code, arguments in (
        (6, ("init",)),
        (4, ("show", "Z109-1")),
        (4, ("ingest", str(tmp_path / "nowhere"))),
        (3, ("repository", "add", "no code!", "--name", "x")),
        (4, ("repository", "add", "1", "--name", "x", "--parent", "2")),
        (6, ("repository", "add", "990001", "--name", "anders")),
        (4, ("check", str(tmp_path / "nowhere"))),
    ):
        error = jinkui.json(*arguments, code=code)["error"]
        assert isinstance(error, dict)
        assert set(error) >= {"code", "message", "subject", "advice"}
        assert error["message"]
    elsewhere = Jinkui(tmp_path / "empty", jinkui.capsys)
    assert "init" in elsewhere("audit", code=4)


@pytest.mark.children
def test_a_batch_goes_in_once_and_bad_rows_are_told(jinkui: Jinkui, tmp_path: Path) -> None:
    rows = [
        ("Z109-WS·2011-Y-BGS-0001", "Flood report", "2011", "永久", "英语", "1"),
        ("Z109-WS·2011-Y-BGS-0002", "", "2011", "永久", "英语", "1"),
    ]
    batch = str(make_batch(tmp_path / "batch", rows))
    planned = jinkui.json("ingest", batch, "--dry-run", code=12)
    assert jinkui.json("search", "flood")["total"] == 0
    report = tmp_path / "report.csv"
    first = jinkui.json("ingest", batch, "--report", str(report), code=12)
    outcomes = [(r["archival_code"], r["outcome"], r["package_id"] is None) for r in first["records"]]
    assert outcomes == [(rows[0][0], "stored_with_findings", False), (rows[1][0], "rejected", True)]
    assert first["batch_id"] == planned["batch_id"]
    assert report.read_bytes().startswith(b"\xef\xbb\xbf")
    again = jinkui.json("ingest", batch, code=12)
    assert again["records"][0]["outcome"] == "already_in"
    shown = jinkui.json("show", "z109-ws.2011-y-bgs-0001")
    assert shown["versions"] == [1]
    assert {copy["store"] for copy in shown["copies"]} == {"first", "second"}
    found = jinkui.json("search", "FLOOD")
    hit = found["hits"][0]
    start, end = hit["marks"][0]
    assert hit["text"][start:end].lower() == "flood"
    assert jinkui.json("search", "flood", "--public")["total"] == 0
    assert [e["type"] for e in jinkui.json("explain", rows[0][0])["entries"]] == ["package-intended", "package-stored"]
    jinkui("export", rows[0][0], str(tmp_path / "out"))
    assert jinkui.json("check", str(tmp_path / "out"))["valid"] is True
    (tmp_path / "out" / "data" / "METS.xml").write_bytes(b"x")
    assert jinkui.json("check", str(tmp_path / "out"), code=12)["valid"] is False


def test_a_changed_row_differs_and_nothing_is_written(jinkui: Jinkui, tmp_path: Path) -> None:
    row = ("Z109-WS·2011-Y-BGS-0001", "Flood report", "2011", "永久", "英语", "1")
    batch = make_batch(tmp_path / "batch", [row])
    jinkui("ingest", str(batch), code=12)
    make_batch(tmp_path / "batch", [(row[0], "Another title", *row[2:])], images=False)
    again = jinkui.json("ingest", str(batch), code=12)
    assert again["records"][0]["outcome"] == "differs"
    assert jinkui.json("show", row[0])["description"]["title"] == "Flood report"


def test_opening_and_withdrawing_take_effect_at_once(jinkui: Jinkui, tmp_path: Path) -> None:
    row = ("Z109-WS·1980·Y·BGS-0001", "Flood report", "1980", "永久", "英语", "1")
    jinkui("ingest", str(make_batch(tmp_path / "batch", [row])), code=12)
    sheet = tmp_path / "open.csv"
    head = ("档号", "结论", "依据", "审核人", "批准人", "审核日期", "开放日期", "网上范围")
    with sheet.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(
            [
                head,
                (row[0], "开放", "第二十七条", "甲", "乙", "2021-09-01", "2021-09-01", "全文"),
                ("X-1", "开放", "", "", "", "", "", ""),
            ]
        )
    applied = jinkui.json("opening", "apply", str(sheet), code=12)
    assert [a["archival_code"] for a in applied["applied"]] == [row[0]]
    public = jinkui.json("search", "flood", "--public")
    assert (public["total"], public["places"]) == (1, 1)
    assert jinkui.json("rebuild")["published"] == 1
    assert jinkui.json("search", "flood", "--public") == public
    assert "is closed" in jinkui("opening", "withdraw", row[0], "--reason", "mistake")
    assert jinkui.json("search", "flood", "--public")["total"] == 0
    assert list((jinkui.home / "public" / "images").iterdir()) == []
    assert b"FLOOD" not in b"".join(p.read_bytes() for p in (jinkui.home / "public").glob("*.db"))


def test_withdrawing_what_was_not_open_says_so_and_is_remembered(jinkui: Jinkui, tmp_path: Path) -> None:
    row = ("Z109-WS·1980·Y·BGS-0001", "Flood report", "1980", "永久", "英语", "1")
    jinkui("ingest", str(make_batch(tmp_path / "batch", [row])), code=12)
    assert "was not open" in jinkui("opening", "withdraw", row[0], "--reason", "names a person")
    again = jinkui.json("opening", "withdraw", row[0], "--reason", "names a person")
    assert (again["was_open"], again["openness"]) == (False, "已撤回")
    assert [e["type"] for e in jinkui.json("explain", row[0])["entries"]][-2:] == ["opening-withdrawn"] * 2


def test_decisions_for_a_repository_that_nobody_knows_are_one_error(jinkui: Jinkui, tmp_path: Path) -> None:
    sheet = tmp_path / "open.csv"
    head = ("档号", "结论", "依据", "审核人", "批准人", "审核日期", "开放日期", "网上范围")
    decision = ("Z109-1", "开放", "第二十七条", "甲", "乙", "2021-09-01", "2021-09-01", "全文")
    with sheet.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([head, decision])
    error = jinkui.json("opening", "apply", str(sheet), "--repository", "123", code=4)["error"]
    assert (error["code"], error["subject"], error["message"]) == ("not-found", "123", "there is no repository 123")


def test_damage_is_audited_planned_and_repaired(jinkui: Jinkui, tmp_path: Path) -> None:
    row = ("Z109-WS·1980·Y·BGS-0001", "Flood report", "1980", "永久", "英语", "1")
    jinkui("ingest", str(make_batch(tmp_path / "batch", [row])), code=12)
    assert jinkui.json("audit")["copies"] == []
    (victim,) = (jinkui.home / "stores/second/packages").rglob("original/data/Z109*.jpg")
    victim.write_bytes(victim.read_bytes()[:-1])
    (found,) = jinkui.json("audit", "--all", code=12)["copies"]
    assert (found["store"], found["verdict"]) == ("second", "DAMAGED")
    assert found["file"] in str(victim)
    planned = jinkui.json("repair", "--dry-run", code=12)
    assert planned["plan"][0]["from_store"] == "first"
    assert jinkui.json("repair", code=5)["plan"] == planned["plan"]
    assert len(jinkui.json("repair", "--yes")["done"]) == 1
    assert jinkui.json("audit")["copies"] == []


def test_the_report_is_safe_to_open_in_a_spreadsheet(jinkui: Jinkui, tmp_path: Path) -> None:
    row = ("Z109-WS·2011-Y-BGS-0001", "Flood", "2011", "永久", "英语", "1", "=1+1")
    columns = ("档号", "题名", "日期", "保管期限", "语种", "页数", "公式")
    jinkui("ingest", str(make_batch(tmp_path / "batch", [row], columns=columns)), code=12)
    report = tmp_path / "r.xlsx"
    jinkui("show", row[0], "--report", str(report))
    cells = [str(c.value) for sheet in openpyxl.load_workbook(report).worksheets for r in sheet.iter_rows() for c in r]
    assert not [cell for cell in cells if cell.startswith("=")]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_report_of_nothing_says_so(jinkui: Jinkui, tmp_path: Path, lang: str) -> None:
    book, text = tmp_path / "found.xlsx", tmp_path / "found.csv"
    for report in (book, text):
        jinkui("search", "nosuchword", "--report", str(report), lang=lang)
    (sheet,) = openpyxl.load_workbook(book).worksheets
    assert sheet.max_row > 1
    assert len(text.read_text("utf-8-sig").splitlines()) == sheet.max_row


def test_every_setting_is_in_the_file_that_init_writes() -> None:
    assert parse_settings(DEFAULT_FILE, Path("x")) == Settings()

    whole = Settings()
    for section in (whole, whole.ocr, whole.search, whole.portal):
        for key in (field.alias or name for name, field in type(section).model_fields.items()):
            assert re.search(rf"(?m)^(# )?(\[+([a-z]+[.])?{key}\]|{key} =)", DEFAULT_FILE) or key == "stores", key
    told = [tomllib.loads(line.removeprefix("#   ")) for line in DEFAULT_FILE.splitlines() if line.startswith("#   ")]
    assert set().union(*told) == {key.name for key in every_key()}


@pytest.mark.parametrize(
    "text", ['colour = "red"', "[ocr]\nworkers = -1", "[", 'language = "fr"', "[[stores]]\nname = 'a b'\npath = 'x'"]
)
def test_settings_that_cannot_be_used_say_where(jinkui: Jinkui, text: str) -> None:
    (jinkui.home / "jinkui.toml").write_text(text, "utf-8")
    error = jinkui.json("audit", code=3)["error"]
    assert "jinkui.toml" in str(error)


def test_doctor_names_what_is_wrong_and_changes_nothing(jinkui: Jinkui) -> None:
    checks = {c["name"]: c["state"] for c in jinkui.json("doctor")["checks"]}
    assert checks["store-first"] == "ok"
    assert checks["devices"] == "warning"


def test_doctor_looks_at_what_is_installed_where_there_is_no_archive(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = Jinkui(tmp_path / "nowhere", capsys)
    checks = {one["name"]: one for one in nowhere.json("doctor", code=4)["checks"]}
    assert checks["archive"]["state"] == "missing"
    assert "init" in checks["archive"]["advice"]
    assert {"ocr-zh-Hans", "ocr-en", "confinement"} < checks.keys()
    assert not nowhere.home.exists(), "nothing is made by looking"


def test_doctor_names_an_engine_that_is_not_installed(jinkui: Jinkui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(jinkui.home))
    checks = {c["name"]: c["advice"] for c in jinkui.json("doctor")["checks"]}
    assert "tesseract-ocr" in checks["ocr-en"]


def test_every_error_of_the_tree_has_an_exit_code_and_a_name() -> None:
    def tree(kind: type[JinkuiError]) -> list[type[JinkuiError]]:
        return [kind, *(k for child in kind.__subclasses__() for k in tree(child))]

    kinds = tree(JinkuiError)
    assert len({kind.code for kind in kinds}) == len(kinds)
    assert {kind.exit_code for kind in kinds} <= {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 130}


def test_a_required_option_is_required_and_nothing_is_written(jinkui: Jinkui) -> None:
    head = (jinkui.home / "stores/first/journal/head").read_bytes()
    assert jinkui.json("repository", "add", "990002", code=2)["error"]["code"] == "usage"
    assert "--reason" in jinkui("opening", "withdraw", "Z109-1", code=2)
    assert (jinkui.home / "stores/first/journal/head").read_bytes() == head


@pytest.mark.parametrize(
    ("name", "code", "error", "words"),
    [("x.pdf", 2, "usage", ".xlsx or .csv"), ("nowhere/x.xlsx", 2, "usage", "there is no folder")],
)
def test_a_report_that_cannot_be_written_is_refused_before_anything_is_done(
    jinkui: Jinkui, tmp_path: Path, name: str, code: int, error: str, words: str
) -> None:
    head = (jinkui.home / "stores/first/journal/head").read_bytes()
    batch = make_batch(tmp_path / "batch", [("Z109-WS·2011-Y-BGS-0001", "Flood", "2011", "永久", "英语", "1")])
    report = str(tmp_path / name)
    said = jinkui.json("ingest", str(batch), "--report", report, code=code)["error"]
    assert (said["code"], said["subject"]) == (error, report)
    assert words in said["message"]
    assert (jinkui.home / "stores/first/journal/head").read_bytes() == head
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize(
    ("arguments", "code", "error", "subject", "words"),
    [
        (("，。",), 2, "usage", "，。", "nothing to look for"),
        (("x", "--limit", "0"), 2, "usage", "jinkui search", "--limit"),
        (("x", "--repository", "123"), 4, "not-found", "123", "no repository 123"),
    ],
)
def test_searches_that_cannot_be_answered_say_so(
    jinkui: Jinkui, arguments: tuple[str, ...], code: int, error: str, subject: str, words: str
) -> None:
    said = jinkui.json("search", *arguments, code=code)["error"]
    assert (said["code"], said["subject"]) == (error, subject)
    assert words in said["message"]


def test_a_missing_store_is_said_by_audit_and_repair(jinkui: Jinkui) -> None:
    shutil.move(jinkui.home / "stores/second", jinkui.home / "unplugged")
    (copy,) = jinkui.json("audit", code=9)["copies"]
    assert (copy["store"], copy["verdict"]) == ("second", "NOT_CHECKED")
    jinkui("repair", "--yes", code=9)


def test_text_of_records_is_shown_and_never_obeyed(jinkui: Jinkui, tmp_path: Path) -> None:
    row = ("Z109-WS·2011-Y-BGS-0001", "堤防[/b]巡查\x1b[31m", "2011", "永久", "英语", "1")
    jinkui("ingest", str(make_batch(tmp_path / "batch", [row])), code=12)
    shown = jinkui("search", "[/b]巡查", "--report", str(tmp_path / "r.xlsx"))
    assert "\x1b" not in shown
    assert "[/b]" in shown


def test_the_language_of_the_settings_is_read_as_toml(jinkui: Jinkui, capsys: pytest.CaptureFixture[str]) -> None:
    path = jinkui.home / "jinkui.toml"
    path.write_text(path.read_text("utf-8").replace('language = "auto"', "language = 'zh'  # 中文"), "utf-8")
    assert run(["--home", str(jinkui.home), "repository", "list"]) == 0
    assert "馆和室" in capsys.readouterr().out


def test_damaged_caches_say_what_helps_and_rebuild_helps(
    jinkui: Jinkui, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = ("Z109-WS·2011-Y-BGS-0001", "Flood", "2011", "永久", "英语", "1")
    jinkui("ingest", str(make_batch(tmp_path / "batch", [row])), code=12)
    before = jinkui.json("search", "flood")
    for name, code in (("staff-index.db", 11), ("catalogue.db", 9), ("public/public.db", 11), ("public/index.db", 0)):
        (jinkui.home / name).write_bytes(b"no database" * 500)
        assert run(["--home", str(jinkui.home), "--lang", "en", "search", "flood"]) == code, name
        assert "rebuild" in "".join(capsys.readouterr()), name
        jinkui("rebuild")
        assert jinkui.json("search", "flood") == before


def test_a_record_whose_description_is_lost_is_still_a_record(jinkui: Jinkui, tmp_path: Path) -> None:
    row = ("Z109-WS·2011-Y-BGS-0001", "Flood", "2011", "永久", "英语", "1")
    batch = str(make_batch(tmp_path / "batch", [row]))
    stored = jinkui.json("ingest", batch, code=12)["records"][0]["package_id"]
    for path in (jinkui.home / "stores").rglob("premis.xml"):
        path.write_bytes(b"lost")
    jinkui("rebuild", code=12)
    (again,) = jinkui.json("ingest", batch, code=12)["records"]
    assert (again["outcome"], again["package_id"]) == ("differs", stored)
    jinkui("audit", code=10)


def test_tables_speak_the_readers_language(jinkui: Jinkui, tmp_path: Path) -> None:
    row = ("Z109-WS-0001", "Flood", "2011", "", "英语", "1")
    jinkui("ingest", str(make_batch(tmp_path / "batch", [row])), code=12)
    english = jinkui("show", row[0]) + jinkui("search", "flood") + jinkui("explain", row[0])
    assert not HAN.search(english.replace("岭澜省档案馆", "")), english
    chinese = jinkui("show", row[0], lang="zh")
    for word in ("repository_name", "title", "not reviewed", "ingestion"):
        assert word not in chinese


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("audit", "--throttle", "x"), "--throttle"),
        (("audit", "forecast", "--days", "5000"), "3650"),
        (("search", "x", "--limit", "0"), "from 1 to 10000"),
        (("--lang", "fr", "audit"), "zh, en"),
        (("store", "add", "x", "--due", "2027"), "2027-06-30"),
        (("store", "attach"), "jinkui store attach --help"),
    ],
)
def test_a_command_written_wrongly_says_what_would_be_right(
    jinkui: Jinkui, arguments: tuple[str, ...], said: str
) -> None:
    assert said in jinkui(*arguments, code=2)


def test_what_the_system_refuses_is_said_in_the_language_of_the_reader(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("journal", "checkpoint", "--out", str(tmp_path / "missing/here.txt"), code=2)
    (tmp_path / "file").write_bytes(b"x")
    said = jinkui("metrics", "--file", f"/proc/{tmp_path.name}", lang="zh", code=9)
    assert "[Errno" not in said
    assert not re.search(r"No such|denied|permitted", said)
    assert f"/proc/{tmp_path.name} 写不了" in said


def test_a_proof_and_a_checkpoint_are_never_replaced(jinkui: Jinkui, tmp_path: Path) -> None:
    stands = tmp_path / "stands.txt"
    stands.write_text("somebody's", "utf-8")
    jinkui("journal", "checkpoint", "--out", str(stands), code=6)
    assert stands.read_text("utf-8") == "somebody's"
