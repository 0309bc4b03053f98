"""Numbers as people read them: three digits that matter, k and M, the same rounding down a column."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from trafficsim.words.language import Language

UNDEFINED = "–"
"""Shown where a number has no meaning, such as a cost per customer when nobody came."""


@dataclass(frozen=True)
class Scale:
    """What a column of numbers is divided by, its name behind a number (`k`) and in a heading (`thousand`)."""

    divisor: float
    suffix: str
    word: str


_ONE = Scale(1.0, "", "")
_SCALES: dict[Language, tuple[Scale, ...]] = {
    "en": (Scale(1e3, "k", "thousand"), Scale(1e6, "M", "million"), Scale(1e9, "bn", "billion")),
    "zh": (Scale(1e4, "万", "万"), Scale(1e8, "亿", "亿")),
}
_UNITS = {"CNY": "元"}
"""How a currency is called in Chinese, where its code is not what people say."""


def scale(values: Iterable[float], below: float = 1000, language: Language = "en") -> Scale:
    """The scale for numbers that stand together: the smallest that brings the largest of them below `below`.

    Up to 9,999 nothing is abbreviated, and the largest scale is used where none suffices. Chinese counts in ten
    thousands (below 10,000 of them, whatever `below`) and hundred millions.
    """
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    if largest < 10_000:
        return _ONE
    scales, limit = _SCALES[language], below if language == "en" else 10_000
    return next((by for by in scales if largest < limit * by.divisor), scales[-1])


def common(values: Iterable[float], language: Language = "en", in_full: float = 10_000) -> Scale:
    """The one scale for all numbers of a picture: that of the largest, or the next smaller one.

    The smaller one is taken where the smallest number, 0 aside, would be next to nothing on the larger one and the
    largest is no monster on the smaller one. Nothing is abbreviated where all are smaller than `in_full`.
    """
    known = [abs(value) for value in values if math.isfinite(value)]
    sizes = [size for size in known if size > _NOTHING * max(known)]
    if max(sizes, default=0.0) < in_full:
        return _ONE
    by, ladder = scale(sizes, language=language), (_ONE, *_SCALES[language])
    lower = ladder[max(0, ladder.index(by) - 1)]
    most = _MOST_IN_FULL if lower is _ONE else _MOST_OF_A_UNIT[language]
    small, huge = min(sizes) < _NEXT_TO_NOTHING * by.divisor, max(sizes) >= most * lower.divisor
    return lower if small and not huge else by


def told_beside(values: Iterable[float], beside: Iterable[float], language: Language = "en") -> Scale:
    """The scale for a picture's numbers that stand beside other sums: that of the sums.

    The numbers have a `common` one of their own where they would be next to nothing on it, or monsters, and where
    nothing stands beside them.
    """
    values, beside = list(values), list(beside)
    by, largest = scale(beside, language=language), max(map(abs, values))
    most = _MOST_IN_FULL if by is _ONE else _MOST_OF_A_UNIT[language]
    fits = _NEXT_TO_NOTHING * by.divisor <= largest < most * by.divisor
    return by if beside and fits else common(values, language)


_NOTHING, _NEXT_TO_NOTHING, _MOST_IN_FULL = 1e-9, 0.05, 1e5
"""What is a rounding error of floats, what two decimals hardly show, and up to where people read numbers in full at a
glance (assumed)."""
_MOST_OF_A_UNIT: dict[Language, float] = {"en": 1e4, "zh": 1e6}
"""Up to how many k or M, 万 or 亿 people say (assumed): CNY 23M, but 2,300万元, and 46,000万元 beside 460万元."""


def on(value: float, by: Scale, *, sign: bool = False) -> str:
    """One number on the scale that it shares with others: 0.42k beside 24.9k; three digits that matter at most."""
    shown = value / by.divisor
    places = decimals([shown])
    text = fixed(shown, places if by is _ONE else min(2, places), sign=sign)
    return text + by.suffix if math.isfinite(value) and value else text


def scales(language: Language) -> tuple[Scale, ...]:
    """All scales that a language counts in, from the smallest."""
    return _SCALES[language]


def decimals(values: Iterable[float]) -> int:
    """Digits after the point that give the largest of `values` three in all; 3 at most, none for whole numbers."""
    known = [abs(value) for value in values if math.isfinite(value)]
    if all(value == int(value) for value in known):
        return 0
    return min(3, max(0, 2 - math.floor(math.log10(max(known)))))


def fixed(value: float, places: int, *, sign: bool = False) -> str:
    """A number with so many decimals and thousands separators, an en dash if it is not finite; never "-0"."""
    if not math.isfinite(value):
        return UNDEFINED
    rounded = round(value, places) + 0.0  # turns -0.0 into 0.0
    return f"{rounded:{'+' if sign and rounded else ''},.{places}f}"


def short(value: float, *, sign: bool = False, language: Language = "en") -> str:
    """One number on its own: 1,235 or 16.2k or 1.23M; in Chinese 1.62万."""
    by = scale([value], language=language)
    shown = value / by.divisor
    return fixed(shown, decimals([shown]), sign=sign) + by.suffix


def money(value: float, currency: str, language: Language = "en") -> str:
    """A sum on its own: CNY 16.2k; in Chinese 1.62 万元."""
    if language == "en":
        return f"{currency} {short(value)}"
    by = scale([value], language=language)
    shown = value / by.divisor
    return f"{fixed(shown, decimals([shown]))} {by.suffix}{unit(currency, language)}"


def paid(shown: str, currency: str, language: Language = "en") -> str:
    """A number that is written already, as a sum: CNY 12.50; in Chinese 12.50 元."""
    return f"{shown} {unit(currency, language)}" if language == "zh" else f"{currency} {shown}"


def unit(currency: str, language: Language = "en") -> str:
    """The currency as the unit of a number or a column: its code, in Chinese its name where it has a short one."""
    return _UNITS.get(currency, currency) if language == "zh" else currency


def reach(below: str, above: str) -> str:
    """How far an interval reaches to both sides of its number: ± 7, or -5/+9 where that differs."""
    return f"± {below}" if below == above else f"-{below}/+{above}"


def sides(below: float, above: float, language: Language = "en") -> str:
    """How far an interval reaches to both sides, on one scale: ± 730, or -0.85万/+1.93万."""
    by = scale((below, above), language=language)
    shown = [side / by.divisor for side in (below, above)]
    return reach(*(fixed(side, decimals(shown)) + by.suffix for side in shown))


def percent(share: float) -> str:
    """A share of 0..1 as a percentage; what is not certain is never rounded to 0% or 100%."""
    if not math.isfinite(share):
        return UNDEFINED
    if 0 < share < 0.005:
        return "<1%"
    return ">99%" if 0.995 < share < 1 else f"{share:.0%}"
