/** First day of the lunar new year in Vietnam (UTC+7), as a UTC day in milliseconds, from the published calendar. */
export const lunarNewYears: readonly number[] = [
  [2020, 1, 25],
  [2021, 2, 12],
  [2022, 2, 1],
  [2023, 1, 22],
  [2024, 2, 10],
  [2025, 1, 29],
  [2026, 2, 17],
  [2027, 2, 6],
  [2028, 1, 26],
  [2029, 2, 13],
  [2030, 2, 2],
].map(([year, month, date]) => Date.UTC(year, month - 1, date));
