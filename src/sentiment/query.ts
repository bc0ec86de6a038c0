import type { Query } from '../sources/table-source.js';

/** All labelled texts of a table in the order of their ids. */
export function textsQuery(name: string): Query {
  return { sql: ({ table }) => `SELECT * FROM ${table(name)} ORDER BY text_id` };
}
