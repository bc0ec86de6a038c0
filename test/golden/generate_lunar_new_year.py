"""Golden dates for test/core/calendar/lunar-new-year.test.ts from the tables of the holidays package.

Run: python generate_lunar_new_year.py   (needs holidays; writes lunar-new-year.json beside this file)
"""

import json
import platform
from pathlib import Path

import holidays
from holidays.calendars.chinese import CHINESE_CALENDAR, VIETNAMESE_CALENDAR, _ChineseLunisolar

versions = {"python": platform.python_version(), "holidays": holidays.__version__}
print(versions)

years = range(1901, 2100)


def dates(calendar):
    lunisolar = _ChineseLunisolar(calendar=calendar)
    return {year: found[0].isoformat() for year in years if (found := lunisolar.lunar_new_year_date(year))[0]}


golden = {"versions": versions, "vietnam": dates(VIETNAMESE_CALENDAR), "china": dates(CHINESE_CALENDAR)}
text = json.dumps(golden, indent=1) + "\n"
Path(__file__).with_name("lunar-new-year.json").write_text(text)
