"""Records of Chinese that nobody wrote, and phrases to look for in them: words by Zipf's law, so that a few stand on most pages."""

import random
from itertools import accumulate

from archives.text.folding import folded_text
from search.index.document import IndexedRecord, Place, TextOrigin

PAGES_A_RECORD, LETTERS_A_PAGE = 10, 300
_GENRES = ("WS", "KJ", "ZP", "KU")


class Writer:
    """Writes records, the same of the same seed."""

    def __init__(self, seed: int) -> None:
        self._chance = chance = random.Random(seed)
        letters = [one for code in range(0x4E00, 0x9FA5) if folded_text(one := chr(code)) == one]
        letters = chance.sample(letters, 3_500)
        self.words = ["".join(chance.choices(letters, k=chance.choice((2, 2, 2, 3, 4)))) for _ in range(60_000)]
        self._weights = list(accumulate(1 / (rank + 3) ** 0.95 for rank in range(len(self.words))))

    def text(self, letters: int) -> str:
        """Return a text of so many letters, with a comma now and then."""
        words = self._chance.choices(self.words, cum_weights=self._weights, k=letters // 2)
        return "".join(f"{word}，" if place % 9 == 8 else word for place, word in enumerate(words))[:letters]

    def record(self, number: int) -> IndexedRecord:
        """Return a record of ten pages."""
        chance, year = self._chance, 1949 + number % 70
        fonds, genre, title = f"J{number % 211:03}", _GENRES[number % 4], f"关于{self.text(14)}的通知"
        code = f"{fonds}-{genre}·{year}-Y-{number // 211:05}"
        repository = f"99{number % 7:04}"
        return IndexedRecord(
            package_id=f"{chance.getrandbits(128):032x}",
            repository=repository,
            repository_name=f"某县档案馆{repository}",
            repository_name_en="County Archives",
            archival_code=code,
            code_order=code,
            title=title,
            date=str(year),
            date_from=year * 10_000 + chance.randint(1, 12) * 100 + chance.randint(1, 28),
            text=f"{title}\n{self.text(30)}\n{code}",
            openness="开放",
            sequence=1,
            fonds=fonds,
            genre=genre,
            year=year,
            places=tuple(Place(n, self.text(LETTERS_A_PAGE), "开放") for n in range(1, PAGES_A_RECORD + 1)),
            text_origin=TextOrigin.RECOGNISED,
        )


def phrases_of(writer: Writer) -> list[str]:
    """Return words from the commonest to the rarest, and letters that follow one another in a text."""
    ranks = dict.fromkeys([*range(8), *(int(1.25**power) for power in range(4, 49))])
    text = writer.text(40_000).replace("，", "")
    chance = random.Random(5)
    places = [(chance.randrange(len(text) - 5), chance.randint(2, 5)) for _ in range(150)]
    return [*(writer.words[rank] for rank in ranks), *(text[place : place + length] for place, length in places)]
