import { ConfigError } from '../errors.js';

/**
 * A name as a quoted SQL identifier; quotes inside are doubled, so no name can end it.
 * @throws {ConfigError} for an empty name, one longer than 255 characters, or one with control characters
 */
export function quoteIdentifier(name: string): string {
  if (name === '' || name.length > 255 || /\p{Cc}/u.test(name) || !name.isWellFormed()) {
    throw new ConfigError(
      `SQL identifier ${JSON.stringify(name)} must have 1 to 255 characters, none of them a control character`,
    );
  }
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * A table name of one to three parts (catalog.schema.table), each part quoted.
 * @throws {ConfigError} for another number of parts, or as `quoteIdentifier`
 */
export function quoteTable(name: string): string {
  const parts = name.split('.');
  if (parts.length > 3) {
    throw new ConfigError(
      `SQL table ${JSON.stringify(name)} must have at most three parts, catalog.schema.table`,
    );
  }
  return parts.map(quoteIdentifier).join('.');
}
