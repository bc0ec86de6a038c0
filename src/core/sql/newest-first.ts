/**
 * ORDER BY terms that put the newest of several deliveries first. Of deliveries of one moment the one with the largest
 * values counts, compared in the order of `columns`; name all that the query reads, or engines choose by chance.
 * @param alias of the table, where its columns need one
 */
export function newestFirst(columns: readonly string[], alias?: string): string {
  const prefix = alias === undefined ? '' : `${alias}.`;
  return ['processed_at', ...columns].map((name) => `${prefix}${name} DESC`).join(', ');
}
