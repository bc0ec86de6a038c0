import { ConfigError } from '../core/errors.js';

/** A reference to a model: by alias, or by number. */
export type ModelUri =
  | { readonly name: string; readonly alias: 'champion' | 'previous'; readonly version: null }
  | { readonly name: string; readonly alias: null; readonly version: number };

/**
 * Takes `models:/name@champion`, `models:/name@previous` or `models:/name/3` apart.
 * @throws {ConfigError} for anything else
 */
export function parseModelUri(uri: string): ModelUri {
  const aliased = /^models:\/([^/@]+)@(champion|previous)$/.exec(uri);
  if (aliased) return { name: aliased[1], alias: aliased[2] as 'champion' | 'previous', version: null };
  const numbered = /^models:\/([^/@]+)\/([1-9]\d{0,8})$/.exec(uri);
  if (numbered) return { name: numbered[1], alias: null, version: Number(numbered[2]) };
  throw new ConfigError(
    `model=${JSON.stringify(uri)} must look like models:/name@champion, models:/name@previous or models:/name/3`,
  );
}
