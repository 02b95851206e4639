"""Public holidays that hold in a whole country, for the countries whose sending hours exclude them.

Pure functions, no Odoo import.
"""

from datetime import date, timedelta

OVERSEAS_FRANCE = ("BL", "GF", "GP", "MF", "MQ", "PM", "RE", "YT")

# country → (fixed days as (month, day), days after Easter Sunday)
HOLIDAYS = {
    "AT": (((1, 1), (1, 6), (5, 1), (8, 15), (10, 26), (11, 1), (12, 8), (12, 25), (12, 26)), (1, 39, 50, 60)),
    "BE": (((1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)), (1, 39, 50)),
    "CH": (((1, 1), (8, 1), (12, 25), (12, 26)), (-2, 1, 39, 50)),
    "DE": (((1, 1), (5, 1), (10, 3), (12, 25), (12, 26)), (-2, 1, 39, 50)),
    "ES": (((1, 1), (1, 6), (5, 1), (8, 15), (10, 12), (11, 1), (12, 6), (12, 8), (12, 25)), (-2,)),
    "FR": (((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)), (1, 39, 50)),
    "IT": (
        ((1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (10, 4), (11, 1), (12, 8), (12, 25), (12, 26)),
        (1,),
    ),
    "LU": (((1, 1), (5, 1), (5, 9), (6, 23), (8, 15), (11, 1), (12, 25), (12, 26)), (1, 39, 50)),
    "NL": (((1, 1), (4, 27), (12, 25), (12, 26)), (1, 39, 50)),
    "NO": (((1, 1), (5, 1), (5, 17), (12, 25), (12, 26)), (-3, -2, 1, 39, 50)),
    "PL": (
        ((1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 24), (12, 25), (12, 26)),
        (1, 60),
    ),
    "PT": (
        ((1, 1), (4, 25), (5, 1), (6, 10), (8, 15), (10, 5), (11, 1), (12, 1), (12, 8), (12, 25)),
        (-2, 60),
    ),
}
HOLIDAYS.update(dict.fromkeys(OVERSEAS_FRANCE, HOLIDAYS["FR"]))


def public_holidays(country, year):
    """Dates of the public holidays of a country (frozenset; empty for countries without a table here)."""
    fixed, moving = HOLIDAYS.get(country, ((), ()))
    sunday = easter(year)
    return frozenset(
        [*(date(year, month, day) for month, day in fixed), *(sunday + timedelta(days=offset) for offset in moving)]
    )


def easter(year):
    """Easter Sunday in the Gregorian calendar (Meeus/Jones/Butcher)."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - epact - of_century % 4) % 7
    correction = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * correction + 114, 31)
    return date(year, month, day + 1)
