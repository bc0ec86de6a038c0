/** Runs one statement over plain HTTP and returns its rows; throws with Trino's error name. */
export function runStatement(url: string, sql: string): Promise<unknown[][]>;
