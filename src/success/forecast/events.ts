import { calendarCycle, type EventCalendar } from '../../champion/forecast/calendar.js';
import { lunarNewYear } from '../../core/calendar/lunar-new-year.js';

const dayLength = 86_400_000;
const saleDays = ['9-9', '10-10', '11-11', '12-12'];
/** Years whose Tet the calendar lists; a graph forecasts without Tet beyond them. */
const listed = { first: 2010, last: 2060 };
/** Days around Tet: people shop in the three weeks before it and rest in the week that it begins. */
const around = { first: -21, last: 6 };

/** The days on which people look and buy otherwise: the sale days of every year, and Tet from 2010 to 2060. */
export function salesCalendar(): EventCalendar {
  const days: number[] = [];
  const which: number[] = [];
  for (let year = listed.first; year <= listed.last; year++) {
    for (let offset = around.first; offset <= around.last; offset++) {
      days.push(lunarNewYear(year) + offset);
      which.push(offset < 0 ? 0 : 1);
    }
  }
  return {
    fixed: {
      names: ['sale_day'],
      days: Uint8Array.from({ length: calendarCycle }, (_, day) => {
        const date = new Date(day * dayLength);
        return saleDays.includes(`${date.getUTCMonth() + 1}-${date.getUTCDate()}`) ? 1 : 0;
      }),
    },
    moving: {
      names: ['before_tet', 'tet'],
      days: Int32Array.from(days),
      which: Uint8Array.from(which),
    },
  };
}
