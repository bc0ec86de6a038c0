import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** SHA-256 of what a file holds. */
export async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const block of createReadStream(path)) hash.update(block as Uint8Array);
  return hash.digest('hex');
}
