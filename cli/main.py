"""The outermost frame: finds the reader's language, runs one command, turns what it raises into an exit code."""

import io
import os
import sys
import tomllib
import traceback
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from archives.errors import AmbiguousError, InterruptedByPersonError, JinkuiError, StorageError, UsageProblem
from archives.message import Language, Message, message
from cli import wiring
from cli.commands.other_words import OTHER_WORDS
from cli.commands.purposes import FIRST_STEPS, PURPOSES
from cli.commands.table import TABLE
from cli.frame.commands import Call, Command
from cli.frame.language import language_of
from cli.frame.output import Output, require_report_place
from cli.frame.places import require_home_place
from cli.frame.program import Guide, build
from cli.frame.usage import is_without_a_command, usage_problem


def main() -> None:
    """Run the command line and end the process with its exit code; what it makes is for this account alone."""
    os.umask(0o077)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one invocation and return its exit code."""
    language = language_of(arguments, wiring.environment(), _language_setting(arguments))
    output = Output(language, as_json="--json" in arguments)
    try:
        return _run(arguments, language, output)
    except JinkuiError as failure:
        _show(failure, output)
        return failure.exit_code
    except KeyboardInterrupt:
        _show(InterruptedByPersonError(message("已中断", "interrupted"), subject="jinkui"), output)
        return InterruptedByPersonError.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except PermissionError as cause:
        advice = message(
            "请用档案库自己的账户运行；别的账户（如 root）在其中留下的文件，请改回属主（chown -R 账户 档案库的文件夹）",
            "run it with the archive's own account; give files that another one (root) left there back to it (chown -R ACCOUNT HOME)",
        )
        said = message("无权读写 {path}", "no right to read or write {path}", path=str(cause.filename or ""))
        _show(StorageError(said, subject=str(cause.filename or "jinkui"), advice=advice), output)
        return StorageError.exit_code
    except Exception as defect:  # the outermost frame: a defect too is an answer with an exit code
        advice = message("请把下面的内容报告给开发者", "please report what follows to the developers")
        said = message("程序缺陷：{kind}", "a defect of ours: {kind}", kind=type(defect).__name__)
        _show(JinkuiError(said, subject="jinkui", advice=advice), output)
        sys.stderr.write(traceback.format_exc())
        return JinkuiError.exit_code


def _run(arguments: Sequence[str], language: Language, output: Output) -> int:
    codes: list[int] = []

    def execute(command: Command, context: click.Context) -> None:
        parameters = dict(context.params)
        output.as_json = parameters.pop("json")
        output.report = parameters.pop("report")
        if output.report:
            require_report_place(output.report)
        top = context.find_root().params
        home = (Path(top["home"]) if top.get("home") else wiring.default_home()).absolute()
        require_home_place(home)
        what = message("正在执行 {command}", "at work: {command}", command=context.command_path)
        with output.at_work(what), ExitStack() as opened:
            try:
                result = command.run(Call(home, output, opened), **parameters)
            except UsageProblem as wrong:
                wrong.advice = wrong.advice or _see_help(context.command_path)
                raise
        output.show(result)
        codes.append(result.exit_code)

    program = build(TABLE, language, execute, _version, Guide(PURPOSES, FIRST_STEPS, OTHER_WORDS))
    try:
        program.main(list(arguments), prog_name="jinkui", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as asked:
        return _without_a_command(asked.ctx, output)
    except SystemExit as gone:  # click ends the process itself when its reader went away
        raise BrokenPipeError from gone
    except click.Abort as stopped:
        raise KeyboardInterrupt from stopped
    except click.ClickException as wrong:
        if is_without_a_command(wrong):
            return _without_a_command(getattr(wrong, "ctx", None), output)
        raise usage_problem(wrong) from wrong
    sys.stdout.flush()
    return codes[0] if codes else 0


def _without_a_command(context: click.Context | None, output: Output) -> int:
    """Show what there is: to somebody who typed options alone, or nothing, as the answer, after a noun as what is missing."""
    if context is None or context.parent is None:
        click.echo(context.get_help() if context else "")
        return 0
    said = message(
        "{command} 之后还要写做什么", "{command} needs a word more: what to do", command=context.command_path
    )
    _show(UsageProblem(said, subject=context.command_path), output)
    click.echo("" if output.as_json else f"\n{context.get_help()}", err=True)
    return UsageProblem.exit_code


def _see_help(command: str) -> Message:
    return message("用法见 {command} --help", "see {command} --help", command=command)


def _version() -> str:
    import importlib.metadata  # brings a parser of mail with it, which a list of commands need not wait for

    return importlib.metadata.version("jinkui")


def _language_setting(arguments: Sequence[str]) -> str:
    """Return the language that the home's settings name, without reading anything else of them."""
    home = next((a.removeprefix("--home=") for a in arguments if a.startswith("--home=")), None)
    if "--home" in arguments[:-1]:
        home = arguments[list(arguments).index("--home") + 1]
    path = (Path(home) if home else wiring.default_home()) / wiring.SETTINGS_FILE
    try:
        chosen = tomllib.loads(path.read_text("utf-8-sig")).get("language", "auto")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return "auto"
    return chosen if isinstance(chosen, str) else "auto"


def _show(failure: JinkuiError, output: Output) -> None:
    body: dict[str, object] = {
        "code": failure.code,
        "message": failure.message,
        "subject": failure.subject,
        "advice": failure.advice,
    }
    if isinstance(failure, AmbiguousError):
        body["candidates"] = list(failure.candidates)
    output.fail(body, failure.message, failure.subject, failure.advice)
