/** The same plain record, frozen with everything in it. */
export function freezeDeep<T>(record: T): T {
  if (typeof record === 'object' && record !== null && !Object.isFrozen(record)) {
    Object.freeze(record);
    for (const value of Object.values(record)) freezeDeep(value);
  }
  return record;
}
