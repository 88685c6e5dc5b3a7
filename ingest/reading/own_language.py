"""The language of a record by its own text, where neither its row nor its batch says which it is."""

from collections.abc import Sequence
from dataclasses import replace

from archives.findings import Finding, note
from archives.message import message
from archives.text.language import language_of
from ingest.batch.plan import PlannedRecord

_LEAST_CHARACTERS = 100


def with_own_language(
    planned: PlannedRecord, texts: Sequence[str], sheet_name: str
) -> tuple[PlannedRecord, tuple[Finding, ...]]:
    """Return a record in the language of its own text, where nobody said which it is in, and that it was guessed so.

    A text of a few words tells less than the title.
    """
    text = "\n".join(texts)
    own = language_of(text) if planned.language_is_guessed and len(text) >= _LEAST_CHARACTERS else None
    if own is None or own == planned.description.language:
        return planned, ()
    said = message(
        "没有写明语种，按正文定为 {language}（按题名或界面语言为 {other}）",
        "no language is given; by its own text it is taken to be {language} (by its title or the interface: {other})",
        language=own,
        other=planned.description.language,
    )
    described = replace(planned.description, language=own)
    return replace(planned, description=described), (note("language-guessed", said, file=sheet_name, row=planned.row),)
