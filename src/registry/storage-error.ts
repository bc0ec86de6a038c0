import { ConfigError, KolError, ServiceError } from '../core/errors.js';

/** The code of a file system error, such as ENOENT; empty for anything else. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Whether a write failed for want of space. */
export function isDiskFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(errnoOf(error));
}

/**
 * A failed write in words of the person who can mend it: a folder that may not be written is a ConfigError, a full
 * or failing disk a ServiceError, since trying again later can succeed. Errors of this toolkit pass as they are.
 */
export function storageError(error: unknown, path: string): KolError {
  if (error instanceof KolError) return error;
  const code = errnoOf(error);
  if (isDiskFull(error)) {
    return new ServiceError(`disk full while writing ${path} (${code}); free some space and try again`, {
      cause: error,
    });
  }
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new ConfigError(
        `no permission to write ${path} (${code}); make its folder writable or choose another`,
        {
          cause: error,
        },
      );
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EEXIST':
    case 'EISDIR':
    case 'ENAMETOOLONG':
    case 'ELOOP':
      return new ConfigError(`cannot write ${path} (${code}); check the path`, { cause: error });
    default:
      return new ServiceError(
        `cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`,
        {
          cause: error,
        },
      );
  }
}
