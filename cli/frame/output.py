"""The only place that prints: tables, sentences, progress, JSON, reports, in one language an invocation."""

import csv
import getpass
import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from archives.advice import advice_on
from archives.errors import JinkuiError, UsageProblem
from archives.findings import Finding
from archives.message import Language, Message, message
from archives.text.harmless import harmless, spreadsheet_text
from cli.frame.places import require_new_file
from cli.frame.progress import ProgressLine
from preservation.handouts.workbook import workbook, worksheet_name
from preservation.stores.files import write_whole

Cell = str | int | Message | Text
_PIPE_WIDTH = 160


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Let a reader that went away end the command quietly."""
        raise BrokenPipeError


@dataclass(frozen=True, slots=True)
class Table:
    """A table for people: a title, the names of its columns, its rows."""

    title: Message
    columns: tuple[Message, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What a command answers: data for programs; tables and sentences for people; the exit code.

    ``report`` are the tables of a report where those are not what the screen shows.
    """

    data: Mapping[str, object]
    tables: tuple[Table, ...] = ()
    lines: tuple[Message | Text, ...] = ()
    exit_code: int = 0
    report: tuple[Table, ...] = ()


@dataclass(slots=True)
class Output:
    """Standard output and error of one invocation; with ``as_json`` people read standard error only."""

    language: Language
    as_json: bool
    report: Path | None = None
    _line: ProgressLine | None = None

    def say(self, said: Message) -> None:
        """Tell a person something while the command goes on."""
        with self._beside_progress():
            self._console(error=True).print(harmless(said.text(self.language)), highlight=False, markup=False)

    @contextmanager
    def at_work(self, said: Message) -> Iterator[None]:
        """Tell on a terminal how long the work takes, and how far it is, when it takes longer than a moment."""
        if sys.stderr.isatty():
            self._line = ProgressLine(sys.stderr, self.language, said)
        try:
            yield
        finally:
            self.rest()

    def progress(self, said: Message) -> None:
        """Tell on a terminal how far the work is; a log is told nothing."""
        if self._line:
            self._line.tell(said)

    def rest(self) -> None:
        """Tell no progress any more: what follows has no end."""
        if self._line:
            self._line.end()
            self._line = None

    def show(self, result: Result) -> None:
        """Show a command's answer, and write its tables to the report when one was asked for.

        A report that cannot be written after all is told in words, when the answer was shown.
        """
        failure: JinkuiError | None = None
        try:
            if self.report:
                write_report(self.report, result.report or result.tables or (_said(result),), self.language)
        except JinkuiError as cause:
            failure = cause
        self._answer(result)
        if failure:
            self.as_json = False
            raise failure

    def _answer(self, result: Result) -> None:
        if self.as_json:
            sys.stdout.write(json.dumps(self._plain(result.data), ensure_ascii=False, indent=1) + "\n")
            return
        console = self._console()
        for table in result.tables:
            console.print(self._rich(table))
        for line in result.lines:
            shown = line if isinstance(line, Text) else harmless(line.text(self.language))
            console.print(shown, highlight=False, markup=False)

    def fail(self, body: Mapping[str, object], said: Message, subject: str, advice: Message | None) -> None:
        """Show an error: as JSON on standard output, or in words on standard error."""
        if self.as_json:
            sys.stdout.write(json.dumps({"error": self._plain(body)}, ensure_ascii=False, indent=1) + "\n")
            return
        console = self._console(error=True)
        label = message("错误：", "error: ").text(self.language)
        console.print(Text(label, style="bold red") + Text(harmless(said.text(self.language))), highlight=False)
        if advice:
            console.print(Text(harmless(advice.text(self.language))), highlight=False)

    def confirm(self, question: Message) -> bool:
        """Ask a person; without a terminal the answer is no."""
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            return False
        with self._beside_progress():
            self.say(question)
            return sys.stdin.readline().strip().lower() in ("y", "yes", "是", "好")

    def ask_secret(self, question: Message) -> str | None:
        """Ask a person for what must not be shown; None without a terminal."""
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            return None
        with self._beside_progress():
            return getpass.getpass(question.text(self.language), stream=sys.stderr)

    def finding(self, found: Finding) -> dict[str, object]:
        """Return a finding as JSON holds it."""
        return {
            "code": found.code,
            "severity": found.severity.value,
            "message": found.message.text(self.language),
            "file": found.file,
            "row": found.row,
            "cell": found.cell,
            "advice": advice.text(self.language) if (advice := advice_on(found)) else None,
        }

    def _beside_progress(self) -> AbstractContextManager[None]:
        return self._line.lifted() if self._line else nullcontext()

    def _plain(self, value: object) -> object:
        if isinstance(value, Message):
            return value.text(self.language)
        if isinstance(value, Finding):
            return self.finding(value)
        if isinstance(value, Mapping):
            return {str(key): self._plain(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self._plain(item) for item in value]
        return value if isinstance(value, str | int | float | bool) or value is None else str(value)

    def _console(self, *, error: bool = False) -> Console:
        stream = sys.stderr if error else sys.stdout
        return _Console(file=stream, width=None if stream.isatty() else _PIPE_WIDTH, soft_wrap=not stream.isatty())

    def _rich(self, table: Table) -> RichTable:
        shown = RichTable(
            title=Text(harmless(table.title.text(self.language))), title_justify="left", header_style="bold"
        )
        for column in table.columns:
            shown.add_column(Text(column.text(self.language)), overflow="fold")
        for row in table.rows:
            shown.add_row(*(self._cell(cell) for cell in row))
        return shown

    def _cell(self, cell: Cell) -> Text:
        if isinstance(cell, Text):
            return cell
        return Text(harmless(cell.text(self.language) if isinstance(cell, Message) else str(cell)))


def _said(result: Result) -> Table:
    """Return the sentences of an answer that has no tables: a report says at least what the screen does."""
    return Table(message("结果", "result"), (message("说明", "what"),), tuple((line,) for line in result.lines))


def require_report_place(path: Path) -> None:
    """Raise before anything is done when a report could not be written there."""
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise UsageProblem(
            message("报告文件须以 .xlsx 或 .csv 结尾", "a report's name ends in .xlsx or .csv"), subject=str(path)
        )
    require_new_file(path)


def write_report(path: Path, tables: Sequence[Table], language: Language) -> None:
    """Write tables as XLSX (a sheet each, called like its table) or CSV with a mark; what a spreadsheet would compute is quoted."""
    if path.suffix.lower() == ".csv":
        text = io.StringIO(newline="")
        for table in tables:
            csv.writer(text).writerows(_rows(table, language))
        data = text.getvalue().encode("utf-8-sig")
    else:
        named = (worksheet_name(f"{number} {table.title.text(language)}") for number, table in enumerate(tables, 1))
        data = workbook(zip(named, (_rows(table, language) for table in tables), strict=True))
    write_whole(path, data)


def _rows(table: Table, language: Language) -> list[list[str | int]]:
    header: list[str | int] = [column.text(language) for column in table.columns]
    return [header, *([_safe(cell, language) for cell in row] for row in table.rows)]


def _safe(cell: Cell, language: Language) -> str | int:
    if isinstance(cell, int):
        return cell
    return spreadsheet_text(cell.text(language) if isinstance(cell, Message) else str(cell))


def marked(text: str, marks: Sequence[tuple[int, int]]) -> Text:
    """Return text with the marked places standing out on a terminal."""
    shown = Text(harmless(text))
    for start, end in marks:
        shown.stylize("bold reverse red", start, end)
    return shown
