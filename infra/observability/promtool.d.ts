/** Prometheus' own checker: the one on the path, else that of Debian's package, unpacked into the cache. */
export function findPromtool(say?: (line: string) => void): Promise<string>;
