"""Currencies: into how many of its smallest units money is counted, and with how many decimals it is written.

Decimals are those of ISO 4217 (the minor units of its list one); rupiahs are counted whole, since their hundredths are
out of use (Unicode CLDR, supplemental data, `cashDigits`). What is no code of that list has two.
"""

_WHOLE = "BIF CLP DJF GNF IDR ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"
_DECIMALS = dict.fromkeys(_WHOLE.split(), 0) | dict.fromkeys(_THOUSANDTHS.split(), 3)
CENTS = 100
"""Hundredths in a unit of any currency, in which results hold money."""


def decimals(currency: str) -> int:
    """Digits after the point of an amount that can be paid: 2 for CNY, none for JPY and VND, 3 for KWD."""
    return _DECIMALS.get(currency.upper(), 2)


def minor_units(currency: str) -> int:
    """How many of the smallest units make one: 100 fen a yuan, 1 yen a yen, 1,000 fils a Kuwaiti dinar."""
    return int(10 ** decimals(currency))
