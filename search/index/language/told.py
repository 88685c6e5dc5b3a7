"""What was searched, in words: each term as it was understood, so that nobody has to guess why nothing was found."""

from archives.message import Message, message
from search.index.document import Field
from search.index.language.terms import Term
from search.index.query import Query

FIELD_NAMES: dict[Field, Message] = {
    Field.TITLE: message("题名", "Title"),
    Field.AUTHOR: message("责任者", "Author"),
    Field.NUMBER: message("文号", "Document number"),
    Field.FONDS: message("全宗号或全宗名", "Fonds (number or name)"),
}


def told(query: Query) -> tuple[Message, ...]:
    """Return what was looked for, a sentence a term: words, days or both, under which name, and what must not stand."""
    return tuple(_told(term) for term in query.terms)


def _told(term: Term) -> Message:
    said = _said(term)
    if term.field:
        said = message("{field}：{said}", "{field}: {said}", field=FIELD_NAMES[term.field], said=said)
    return message("不含 {said}", "not {said}", said=said) if term.is_unwanted else said


def _said(term: Term) -> Message:
    if term.days and not term.phrases:
        return message("日期在 {words} 之间", "dated {words}", words=term.said)
    if term.days:
        return message("{words}，或日期在此期间", "{words}, or dated so", words=term.said)
    if term.phrases[0].form:
        return message("{words}（各种词形）", "{words} in any form", words=term.said)
    return message("{words}", "{words}", words=term.said)
