/** An ISO 8601 moment as a UTC literal without zone, which Trino and DuckDB read alike. */
export function timestampLiteral(iso: string): string {
  return `TIMESTAMP '${new Date(iso).toISOString().replace('T', ' ').replace('Z', '')}'`;
}
