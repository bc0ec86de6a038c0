/** Whether an error comes from the operating system and carries its code. */
export function isErrnoException(error: unknown): error is NodeJS.ErrnoException {
  // Errors of this toolkit have a code as well, but no number.
  return error instanceof Error && 'errno' in error && 'code' in error && typeof error.code === 'string';
}
