import { ConfigError } from '../core/errors.js';

const unsafe = /[\u0000-\u001F\u007F\\]/;

/**
 * The path as it is, when it stays inside the folder it will be joined to: relative, with forward slashes, and no
 * `.`, `..` or empty part.
 * @throws {ConfigError} saying what is wrong with it
 */
export function confinedPath(path: string): string {
  const shown = JSON.stringify(path);
  if (path === '') throw new ConfigError('artifact path must not be empty');
  if (unsafe.test(path)) {
    throw new ConfigError(`artifact path=${shown} must not contain control characters, NUL or backslashes`);
  }
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) {
    throw new ConfigError(`artifact path=${shown} must be relative to the run`);
  }
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    throw new ConfigError(`artifact path=${shown} must not have empty, . or .. parts`);
  }
  return path;
}
