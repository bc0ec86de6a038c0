import { readFile } from 'node:fs/promises';
import { DataError } from '../core/errors.js';
import { isErrnoException } from './errno.js';

/** A line of a text file, 1-based; `text` is undefined where its bytes are not UTF-8. */
export interface TextLine {
  readonly line: number;
  readonly text: string | undefined;
}

/**
 * The lines of a UTF-8 file, without byte order mark, line ends and empty lines at the end.
 * @throws {DataError} when the file cannot be read
 */
export async function readTextLines(path: string): Promise<readonly TextLine[]> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    const why = isErrnoException(cause) && cause.code === 'ENOENT' ? 'does not exist' : 'cannot be read';
    throw new DataError(`${path} ${why}; name a file that is there`, { cause });
  });
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const lines: TextLine[] = [];
  let start = bytes.subarray(0, 3).equals(Buffer.of(0xef, 0xbb, 0xbf)) ? 3 : 0;
  while (start < bytes.length) {
    const newline = bytes.indexOf(0x0a, start);
    const next = newline < 0 ? bytes.length : newline;
    const end = next > start && bytes[next - 1] === 0x0d ? next - 1 : next;
    lines.push({ line: lines.length + 1, text: decoded(decoder, bytes.subarray(start, end)) });
    start = next + 1;
  }
  while (lines.at(-1)?.text === '') lines.pop();
  return lines;
}

function decoded(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
