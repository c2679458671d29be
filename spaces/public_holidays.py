"""Public holidays of a year in the Netherlands: the only door to the package `holidays`."""

from datetime import date

import holidays

COUNTRY, LANGUAGE = "NL", "nl"
GOOD_FRIDAY = "Goede vrijdag"
WORKED = "voor de meesten een werkdag"


def of_year(year: int) -> dict[date, str]:
    """The public holidays by date, in order, with their Dutch names.

    Two are there with the remark that most people work then: Good Friday, which the law only treats as a holiday for
    terms that end on it (Algemene termijnenwet, art. 3), and Liberation Day, a day off once in five years by custom.
    """
    official = holidays.country_holidays(COUNTRY, years=year, language=LANGUAGE)
    every = holidays.country_holidays(
        COUNTRY, years=year, language=LANGUAGE, categories=("public", "optional")
    )
    return {
        day: f"{name} ({WORKED})" if name == GOOD_FRIDAY or day not in official else str(name)
        for day, name in sorted(every.items())
    }


def is_bank_day(day: date) -> bool:
    """Whether banks settle in euros on this day: no weekend and no closing day of TARGET (the calendar of the ECB)."""
    return day.weekday() < 5 and day not in holidays.financial_holidays("ECB", years=day.year)
