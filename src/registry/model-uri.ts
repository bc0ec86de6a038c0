import { ConfigError } from '../core/errors.js';

/** A reference to a model: by alias, or by number. */
export type ModelUri =
  | { readonly name: string; readonly alias: string; readonly version: null }
  | { readonly name: string; readonly alias: null; readonly version: number };

/**
 * Takes `models:/name@champion`, with any alias, or `models:/name/3` apart.
 * @throws {ConfigError} for anything else
 */
export function parseModelUri(uri: string): ModelUri {
  const aliased = /^models:\/([^/@]+)@([\w-]+)$/.exec(uri);
  if (aliased) return { name: aliased[1], alias: aliased[2], version: null };
  const numbered = /^models:\/([^/@]+)\/([1-9]\d{0,8})$/.exec(uri);
  if (numbered) return { name: numbered[1], alias: null, version: Number(numbered[2]) };
  throw new ConfigError(
    `model=${JSON.stringify(uri)} must look like models:/name@champion, models:/name@previous or models:/name/3`,
  );
}
