"""Words to be found under names alone: in the title, the author, the document number, the number or name of the fonds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from search.index.document import Field
from search.index.language.terms import LONGEST_QUERY, Term, parse_terms, terms_left_out


@dataclass(frozen=True, slots=True)
class NamedWords:
    """What was typed for each name, empty where nothing was; each is read as the words of a query are, without dates."""

    title: str = ""
    author: str = ""
    document_number: str = ""
    of_fonds: str = ""

    def by(self) -> Iterator[tuple[Field, str]]:
        """Yield the names for which something was typed, with what was."""
        for one in fields(self):
            if words := getattr(self, one.name):
                yield Field(one.name), words

    def terms(self) -> tuple[Term, ...]:
        """Return what is to be found under each name."""
        return tuple(term for field, words in self.by() for term in parse_terms(words, field))

    def left_out(self) -> tuple[Term, ...]:
        """Return what of that is not looked for, for being too much."""
        return tuple(term for field, words in self.by() for term in terms_left_out(words, field))


NO_NAMES = NamedWords()


def named_words(parameters: Mapping[str, str]) -> NamedWords:
    """Return what the parameters of an address or of a command ask for by the names of the fields, no longer than may be."""
    given = {field.value: parameters.get(field.value, "").strip()[:LONGEST_QUERY] for field in Field}
    return NamedWords(**given)
