"""What was searched, in words: each term as it was understood, so that nobody has to guess why nothing was found."""

from collections.abc import Mapping

from archives.message import Message, message
from search.index.document import Field
from search.index.language.operators import operators_in
from search.index.language.terms import LONGEST_QUERY, MOST_TERMS, Term
from search.index.query import Facet, Query

_MOST_SAID = 12
FIELD_NAMES: dict[Field, Message] = {
    Field.TITLE: message("题名", "Title"),
    Field.AUTHOR: message("责任者", "Author"),
    Field.NUMBER: message("文号", "Document number"),
    Field.FONDS: message("全宗号或全宗名", "Fonds (number or name)"),
}
NARROWED: dict[Facet, Message] = {
    Facet.REPOSITORY: message("馆（室）", "Repository"),
    Facet.FONDS: message("全宗", "Fonds"),
    Facet.GENRE: message("门类", "Class"),
    Facet.YEAR: message("年度", "Year"),
    Facet.TEXT: message("有无全文", "With text"),
}


def told(query: Query, called: Mapping[Facet, str] | None = None) -> tuple[Message, ...]:
    """Return what was looked for, a sentence a term: words, days or both, under which name, and what must not stand.

    What narrows comes behind, by what it is ``called``, else with its value as it stands in addresses.
    """
    narrowing = (
        message("{name}：{value}", "{name}: {value}", name=NARROWED[by], value=(called or {}).get(by, v))
        for by, v in query.narrowed.by()
    )
    return (*(_told(term) for term in query.terms), *narrowing)


def told_unsearched(query: Query) -> Message | None:
    """Return why nothing was looked for although something was typed; None where it was, or nothing was typed."""
    if not query.asks_nothing or not (query.words.strip() or any(query.named.by())):
        return None
    if query.terms:
        return message(
            "这里只写了不要的词。请再写一个要找的词，或者选一个条件缩小范围。",
            "There are only words to exclude. Add a word to find, or choose a filter.",
        )
    return message(
        "输入的内容里没有可以检索的文字：至少要有一个汉字、字母或数字。",
        "Enter at least one letter, Chinese character or digit.",
    )


def told_beside(query: Query) -> Message | None:
    """Return what is said of a query whatever it finds: which words are left out, and which do not mean what they elsewhere do."""
    said = [one for one in (told_left_out(query), _told_operators(query)) if one]
    return (
        message("{one}；{other}", "{one}; {other}", one=said[0], other=said[1])
        if len(said) > 1
        else next(iter(said), None)
    )


def told_left_out(query: Query) -> Message | None:
    """Return what is said of words that are not looked for because there are too many; None where there are none."""
    if not (left_out := query.left_out):
        return None
    words = "、".join(term.said for term in left_out[:_MOST_SAID]) + ("……" if len(left_out) > _MOST_SAID else "")
    return message(
        "一次最多检索 {n} 个词（{m} 个字），没有检索：{words}",
        "no more than {n} words ({m} characters) can be searched at once; not searched: {words}",
        n=MOST_TERMS,
        m=LONGEST_QUERY,
        words=words,
    )


def _told_operators(query: Query) -> Message | None:
    if not (operators := operators_in(query.terms)):
        return None
    return message(
        "“{words}”当作普通的词检索，不是运算符：用空格隔开的词都要有。要找几个词中的任何一个，请分别检索；不要某个词，在它前面加“-”",
        "“{words}” is looked for as a word and is no operator: all words with blanks between them must stand. To find any of "
        "several, search for each; put a hyphen before a word that must not stand",
        words="、".join(operators),
    )


def _told(term: Term) -> Message:
    said = _said(term)
    if term.field:
        said = message("{field}：{said}", "{field}: {said}", field=FIELD_NAMES[term.field], said=said)
    return message("不含 {said}", "excluding {said}", said=said) if term.is_unwanted else said


def _said(term: Term) -> Message:
    if term.days and not term.phrases:
        return message("日期在 {words} 之间", "dated {words}", words=term.said)
    if term.days:
        return message("{words}，或日期在此期间", "{words}, or dated within it", words=term.said)
    if any(one.form for one in term.phrases):
        return message("{words}（各种词形）", "{words} (any word form)", words=term.said)
    return message("{words}", "{words}", words=term.said)
