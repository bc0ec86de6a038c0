const day = 86_400_000;

/**
 * Black Friday: the day after Thanksgiving, the fourth Thursday of November.
 * @returns days since 1970-01-01
 */
export function blackFriday(year: number): number {
  const first = Date.UTC(year, 10, 1) / day;
  const weekday = new Date(first * day).getUTCDay();
  const firstThursday = first + ((4 - weekday + 7) % 7);
  return firstThursday + 21 + 1;
}
