import { ConfigError } from '../errors.js';

/** Mean length of a lunar month, in days. */
const synodicMonth = 29.530588853;
/** Julian day of the mean new moon of 1900 January, from which lunations are counted. */
const firstNewMoon = 2415021.076998695;
/** Julian day number of 1970-01-01. */
const julianDayOf1970 = 2440588;
/** Vietnam's civil time, UTC+7, as a share of a day. */
const timeZone = 7 / 24;
const radians = Math.PI / 180;

/**
 * The first day of Tet, the lunar new year of Vietnam, in a Gregorian year: its new moon and the solstice before it
 * are placed in UTC+7, where China counts in UTC+8, so that the two differ by a day or a month in some years
 * (1985, 2007, 2030, 2053). The rules of the calendar: Ho Ngoc Duc (2004), "Computing the Vietnamese lunar calendar";
 * new moons and solar longitude: Meeus (1991), "Astronomical algorithms", chapters 47 and 24, main terms.
 *
 * @param year 1800 to 2199, the years that the series of terms are good for
 * @returns days since 1970-01-01
 * @throws {ConfigError} for any other year
 * @example
 * lunarNewYear(2026) // 20501
 */
export function lunarNewYear(year: number): number {
  if (!Number.isInteger(year) || year < 1800 || year > 2199) {
    throw new ConfigError(`year=${year} must be a whole number from 1800 to 2199`);
  }
  const before = solsticeMonth(year - 1);
  const after = solsticeMonth(year);
  const lunation = Math.floor(0.5 + (before - firstNewMoon) / synodicMonth);
  // The month of the solstice is the eleventh, so the first comes two months later, three after a leap month.
  const leaps = after - before > 365 && leapOffset(lunation) <= 2 ? 1 : 0;
  return newMoonDay(lunation + 2 + leaps) - julianDayOf1970;
}

/** Julian day number of the first day of the lunar month that holds the December solstice of `year`. */
function solsticeMonth(year: number): number {
  const lastOfYear = Date.UTC(year, 11, 31) / 86_400_000 + julianDayOf1970;
  const lunation = Math.floor((lastOfYear - 2415021) / synodicMonth);
  const start = newMoonDay(lunation);
  return solarSector(start) >= 9 ? newMoonDay(lunation - 1) : start;
}

/** How many months after the solstice month the leap month comes: the first one without a major solar term. */
function leapOffset(solsticeLunation: number): number {
  let offset = 1;
  let sector = solarSector(newMoonDay(solsticeLunation + offset));
  for (; offset < 14; offset++) {
    const next = solarSector(newMoonDay(solsticeLunation + offset + 1));
    if (next === sector) return offset;
    sector = next;
  }
  return offset;
}

/** Julian day number, in Vietnam, of the new moon of a lunation. */
function newMoonDay(lunation: number): number {
  return Math.floor(newMoon(lunation) + 0.5 + timeZone);
}

/** Julian date of a new moon, in universal time. */
function newMoon(lunation: number): number {
  const t = lunation / 1236.85;
  const t2 = t * t;
  const t3 = t2 * t;
  const mean =
    2415020.75933 +
    29.53058868 * lunation +
    0.0001178 * t2 -
    0.000000155 * t3 +
    0.00033 * Math.sin((166.56 + 132.87 * t - 0.009173 * t2) * radians);
  const sun = (359.2242 + 29.10535608 * lunation - 0.0000333 * t2 - 0.00000347 * t3) * radians;
  const moon = (306.0253 + 385.81691806 * lunation + 0.0107306 * t2 + 0.00001236 * t3) * radians;
  const latitude = (21.2964 + 390.67050646 * lunation - 0.0016528 * t2 - 0.00000239 * t3) * radians;
  const correction =
    (0.1734 - 0.000393 * t) * Math.sin(sun) +
    0.0021 * Math.sin(2 * sun) -
    0.4068 * Math.sin(moon) +
    0.0161 * Math.sin(2 * moon) -
    0.0004 * Math.sin(3 * moon) +
    0.0104 * Math.sin(2 * latitude) -
    0.0051 * Math.sin(sun + moon) -
    0.0074 * Math.sin(sun - moon) +
    0.0004 * Math.sin(2 * latitude + sun) -
    0.0004 * Math.sin(2 * latitude - sun) -
    0.0006 * Math.sin(2 * latitude + moon) +
    0.001 * Math.sin(2 * latitude - moon) +
    0.0005 * Math.sin(2 * moon + sun);
  return mean + correction - clockDrift(t);
}

/** Dynamical minus universal time, in days; `t` in centuries since 1900. */
function clockDrift(t: number): number {
  if (t < -11) return 0.001 + 0.000839 * t + 0.0002261 * t ** 2 - 0.00000845 * t ** 3 - 0.000000081 * t ** 4;
  return -0.000278 + 0.000265 * t + 0.000262 * t * t;
}

/** Which twelfth of its yearly course the sun stands in at the midnight that begins a day in Vietnam: 0 to 11. */
function solarSector(julianDay: number): number {
  const t = (julianDay - 0.5 - timeZone - 2451545) / 36525;
  const t2 = t * t;
  const anomaly = (357.5291 + 35999.0503 * t - 0.0001559 * t2 - 0.00000048 * t * t2) * radians;
  const centre =
    (1.9146 - 0.004817 * t - 0.000014 * t2) * Math.sin(anomaly) +
    (0.019993 - 0.000101 * t) * Math.sin(2 * anomaly) +
    0.00029 * Math.sin(3 * anomaly);
  const longitude = 280.46645 + 36000.76983 * t + 0.0003032 * t2 + centre;
  return Math.floor((longitude - 360 * Math.floor(longitude / 360)) / 30);
}
