import { calendarCycle, type EventCalendar } from '../../champion/forecast/calendar.js';
import { lunarNewYears } from '../../core/lunar-new-year.js';

const dayLength = 86_400_000;
const saleDays = ['9-9', '10-10', '11-11', '12-12'];
/** Days around Tet: people shop in the three weeks before it and rest in the week that it begins. */
const around = { first: -21, last: 6 };

/** The days on which people look and buy otherwise: sale days of every year, and Tet from 2015 to 2050. */
export function salesCalendar(): EventCalendar {
  const days: number[] = [];
  const which: number[] = [];
  for (const newYear of lunarNewYears) {
    for (let offset = around.first; offset <= around.last; offset++) {
      days.push(newYear / dayLength + offset);
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
