"""What is often typed in place of plain numbers and of YAML's own marks, and what is meant by it."""

import re

WIDE_MARKS = {
    "：": ":", "，": ",", "｛": "{", "｝": "}", "［": "[", "］": "]", "＃": "#", "“": '"', "”": '"', "‘": "'", "’": "'",
}  # fmt: skip
"""Punctuation as Chinese keyboards type it, and what YAML wants."""
_OTHERS = {"\u3000": " ", "。": ".", "、": ",", "￥": "¥"}
# U+FF01 to U+FF5E are the characters of ASCII, each as wide as a Chinese one (Unicode, Halfwidth and Fullwidth Forms).
_HALF = str.maketrans({chr(0xFEE0 + code): chr(code) for code in range(0x21, 0x7F)} | WIDE_MARKS | _OTHERS)

_SCALES = {"": 1.0, "千": 1e3, "k": 1e3, "万": 1e4, "百万": 1e6, "m": 1e6, "千万": 1e7, "亿": 1e8, "%": 0.01}
_AMOUNT = re.compile(
    r"(?:[¥$€£]|CNY|RMB|USD)? ?"
    r"(?P<number>[-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:[.,][0-9]+)?|\.[0-9]+)) ?"
    r"(?P<scale>千|k|万|百万|m|千万|亿|%)?(?: ?(?:元|块|人|天|日|次|CNY|RMB|USD))?",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_OFF = re.compile(r"(?P<tens>[0-9]|[一二三四五六七八九])(?:\.)?(?P<ones>[0-9]|[一二三四五六七八九])?折")
_DIGITS = "〇一二三四五六七八九"


def half_width(text: str) -> str:
    """The text with full-width digits, letters and punctuation as plain ones."""
    return text.translate(_HALF)


def first_wide(text: str) -> int:
    """The position of the first character that `half_width` would change; -1 if there is none."""
    return next((at for at, character in enumerate(text) if ord(character) in _HALF), -1)


def amount(text: str) -> int | float | None:
    """The number that people mean by text such as 2万, 20,000, ￥160, 160元 or 10%; None if it is none."""
    found = _AMOUNT.fullmatch(half_width(text).strip())
    if found is None:
        return None
    written = found["number"]
    plain = written.replace(",", "") if _THOUSANDS.fullmatch(written) else written.replace(",", ".")
    number = float(f"{float(plain) * _SCALES[(found['scale'] or '').lower()]:.12g}")
    return int(number) if number.is_integer() else number


def discount(text: str) -> float | None:
    """The share of the price that is let off at so many tenths of it: 9折 (nine tenths are paid) is 0.1."""
    found = _OFF.fullmatch(half_width(text).strip())
    if found is None:
        return None
    tens, ones = (_digit(found[place] or "0") for place in ("tens", "ones"))
    return (100 - 10 * tens - ones) / 100


def _digit(written: str) -> int:
    return int(written) if written.isascii() else _DIGITS.index(written)
