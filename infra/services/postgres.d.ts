import type { ServiceSettings } from './services.js';

/** Runs statements in one database. */
export function queryPostgres<Outcome>(
  settings: ServiceSettings,
  packages: string,
  database: string,
  work: (query: (sql: string) => Promise<{ rows: Readonly<Record<string, string>>[] }>) => Promise<Outcome>,
): Promise<Outcome>;
