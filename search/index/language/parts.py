"""The parts of a long Chinese word: cut at words that mean nothing alone, and of what is left the longest that stand somewhere.

Whatever stands somewhere has parts that do, so longer parts are asked for only where both shorter ones within them stand.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import combinations, islice

from archives.text.folding import folded_text
from search.index.language.terms import HAN

SHORTEST = 3
"""How many letters a word has at the least that is cut."""
MOST_ASKED = 24
Span = tuple[int, int]
_PAIR, _NAME = 2, 3
_RUNS = re.compile(f"[{HAN}]+|[^{HAN}]+")
_HAN = re.compile(f"[{HAN}]")
_NOT_WITHIN = re.compile(r"^\W+|\W+$")
_WHOLE = (
    "共和 和平 永和 和解 和睦 和约 和谐 和田 和县 和尚 总和 现在 存在 所在 在职 在校 在编 在册 在岗 在建 在任 了解 "
    "于都 于洪 于田 及时 及格 普及 涉及 与会 参与 赠与 其他 自我"
)
"""Words with a letter of ``_BETWEEN`` that are not cut at it."""
_BETWEEN = (
    "为什么 怎么样 关于 对于 有关 由于 属于 位于 鉴于 以及 或者 还是 什么 怎么 怎样 如何 哪里 哪个 哪些 哪年 请问 "
    "我们 你们 他们 我 你 您 他 她 的 于 和 与 及 或 在 了 是 吗 呢"
)
_CUTS = re.compile(f"(?P<whole>{_WHOLE.replace(' ', '|')})|{_BETWEEN.replace(' ', '|')}")
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱何郭罗郑梁谢许韩冯邓曹彭曾肖蔡潘袁董余苏吕魏蒋沈姜崔谭陆范汪廖贾邹熊孟阎薛侯段郝邵贺赖龚"
)
"""The most frequent ones that begin few other words: of a name of three letters no two are offered."""


def standing_parts(
    said: str, standing: Callable[[Sequence[str]], Collection[str]], *, most: int = MOST_ASKED
) -> tuple[str, ...]:
    """Return the longest parts of a word that stand somewhere, in their order, none within or across another.

    ``standing`` says which of some texts stand anywhere; of no more than ``most`` it is asked.
    """
    pieces = tuple(_pieces(said))
    asked = list(islice(dict.fromkeys(pieces), most))
    found = set(standing(asked))
    left = most - len(asked)
    cut = [one for one in asked if one not in found and len(one) >= SHORTEST and _HAN.match(one)]
    length = _PAIR
    while grams := list(islice(dict.fromkeys(_grams(cut, length, found)), left)):
        found |= set(standing(grams))
        left -= len(grams)
        length += 1
    each = ([one] if one in found else [one[slice(*span)] for span in _chosen(one, found)] for one in pieces)
    return tuple(dict.fromkeys(part for parts in each for part in parts))


def _pieces(said: str) -> Iterator[str]:
    """Yield what stands between letters of another kind, and between words that mean nothing alone."""
    for run in _RUNS.findall(said):
        plain = "".join(map(_plain, run)) if _HAN.match(run) else ""
        cuts = [one.span() for one in _CUTS.finditer(plain) if not one["whole"]]
        starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(run)]
        for start, end in zip(starts, ends, strict=True):
            if len(piece := _NOT_WITHIN.sub("", run[start:end])) >= _PAIR:
                yield piece


def _plain(letter: str) -> str:
    """Return a letter in simplified writing."""
    folded = folded_text(letter)
    return folded if len(folded) == 1 else letter


def _grams(words: Sequence[str], length: int, found: AbstractSet[str]) -> Iterator[str]:
    """Yield the parts of a length, but for those of which a shorter part was not found."""
    for word in words:
        for start in range(len(word) - length + 1):
            gram = word[start : start + length]
            if gram != word and (length == _PAIR or {gram[1:], gram[:-1]} <= found):
                yield gram


def _chosen(word: str, found: AbstractSet[str]) -> list[Span]:
    """Return where the parts stand that are taken of a word: the longest first, then pairs that cut no other word in two."""
    ends = combinations(range(len(word) + 1), 2)
    every = [(start, end) for start, end in ends if end - start >= _PAIR and word[start:end] in found]
    longest = [one for one in every if not any(_is_within(one, other) for other in every)]
    chosen: list[Span] = []
    for span in sorted(longest, key=lambda one: (one[0] - one[1], (one[0] % _PAIR) * (len(word) % _PAIR == 0), one[0])):
        is_free = all(span[1] <= start or end <= span[0] for start, end in chosen)
        if is_free and (span[1] - span[0] > _PAIR or _is_word(word, span, chosen)):
            chosen.append(span)
    return sorted(chosen)


def _is_within(span: Span, other: Span) -> bool:
    return span != other and other[0] <= span[0] and span[1] <= other[1]


def _is_word(word: str, pair: Span, chosen: Sequence[Span]) -> bool:
    """Say whether a pair may be a word: none of a name, and beside a longer part one of the pairs that are left of it."""
    for start in (0, len(word) - _NAME):
        if _plain(word[start]) in _SURNAMES and start <= pair[0] and pair[1] <= start + _NAME:
            return False
    longer = [one for one in chosen if one[1] - one[0] > _PAIR]
    if not longer:
        return True
    start = max([0, *(end for _, end in longer if end <= pair[0])])
    end = min([len(word), *(start for start, _ in longer if start >= pair[1])])
    return (end - start) % _PAIR == 0 and (pair[0] - start) % _PAIR == 0
