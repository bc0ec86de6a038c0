const millisecondsPerDay = 86_400_000;

/**
 * The calendar month (UTC, months since year 0) in which each account was created.
 * @param asOf `[nRows]` milliseconds since 1970-01-01 when the row was observed
 * @param ageDays `[nRows]` age of the account then, in days
 */
export function creationMonths(asOf: Float64Array, ageDays: Float64Array): Float64Array {
  return asOf.map((at, i) => {
    const created = new Date(at - ageDays[i] * millisecondsPerDay);
    return 12 * created.getUTCFullYear() + created.getUTCMonth();
  });
}

/** A month as `2026-11`. */
export function monthText(month: number): string {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
}
