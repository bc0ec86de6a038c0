import { createHash } from 'node:crypto';
import { DataError } from './errors.js';

/**
 * A fitted thing that can be stored: plain data, typed arrays included. `kind` names it, `format` counts its past
 * layouts. Old formats load for ever.
 */
export interface VersionedRecord {
  readonly kind: string;
  readonly format: number;
}

const magic = 'KOLR0001';
const arrayTypes = {
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Uint16Array,
  Uint8Array,
  Int16Array,
} as const;
type ArrayName = keyof typeof arrayTypes;
type TypedArray = InstanceType<(typeof arrayTypes)[ArrayName]>;

interface ArrayReference {
  readonly $array: ArrayName;
  readonly offset: number;
  readonly length: number;
}

/**
 * Bytes of a record: magic, length of the JSON header, header, then every typed array at an 8-byte boundary
 * (little-endian), then the SHA-256 of all that. Keys are sorted, so equal records give equal bytes.
 * @throws {DataError} for values that JSON or this layout cannot hold (functions, NaN outside arrays, class instances)
 */
export function encodeRecord(record: VersionedRecord): Uint8Array {
  const arrays: { bytes: Uint8Array; offset: number }[] = [];
  let size = 0;
  const header = JSON.stringify(plain(record, record.kind));

  function plain(value: unknown, path: string): unknown {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) throw new DataError(`record: ${path}=${value} must be finite`);
      return value;
    }
    if (ArrayBuffer.isView(value)) {
      const view = value as TypedArray;
      const name = view.constructor.name as ArrayName;
      if (!(name in arrayTypes)) throw new DataError(`record: ${path} is a ${name}, which cannot be stored`);
      const reference: ArrayReference = { $array: name, offset: size, length: view.length };
      arrays.push({ bytes: new Uint8Array(view.buffer, view.byteOffset, view.byteLength), offset: size });
      size += Math.ceil(view.byteLength / 8) * 8;
      return reference;
    }
    if (Array.isArray(value)) return value.map((item, i) => plain(item, `${path}[${i}]`));
    if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
      return Object.fromEntries(
        Object.entries(value)
          .filter(([, item]) => item !== undefined)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, item]) => {
            if (key === '$array') throw new DataError(`record: ${path} must not have a key $array`);
            return [key, plain(item, `${path}.${key}`)];
          }),
      );
    }
    throw new DataError(`record: ${path} is a ${typeof value}, which cannot be stored`);
  }

  const text = new TextEncoder().encode(header);
  const start = Math.ceil((magic.length + 8 + text.length) / 8) * 8;
  const bytes = new Uint8Array(start + size + 32);
  bytes.set(new TextEncoder().encode(magic));
  new DataView(bytes.buffer).setUint32(magic.length, text.length, true);
  bytes.set(text, magic.length + 8);
  for (const array of arrays) bytes.set(array.bytes, start + array.offset);
  bytes.set(
    createHash('sha256')
      .update(bytes.subarray(0, start + size))
      .digest(),
    start + size,
  );
  return bytes;
}

/**
 * The record that `encodeRecord` wrote.
 * @throws {DataError} when the bytes are truncated, altered, or not a record
 */
export function decodeRecord(bytes: Uint8Array): VersionedRecord {
  const head = new TextDecoder().decode(bytes.subarray(0, magic.length));
  if (head !== magic) throw new DataError('record: not a kol-trainer record (wrong first bytes)');
  const end = bytes.length - 32;
  const hash = createHash('sha256')
    .update(bytes.subarray(0, Math.max(end, 0)))
    .digest();
  if (end < magic.length + 8 || !hash.equals(bytes.subarray(end))) {
    throw new DataError('record: SHA-256 does not match; the bytes are truncated or altered');
  }
  // Not bytes.slice(): that of a Buffer is no copy, and starts anywhere in a larger buffer.
  const aligned = new Uint8Array(bytes);
  try {
    return decodeAligned(aligned);
  } catch (error) {
    throw new DataError('record: the header does not describe the bytes that follow it', { cause: error });
  }
}

function decodeAligned(bytes: Uint8Array<ArrayBuffer>): VersionedRecord {
  const headerLength = new DataView(bytes.buffer).getUint32(magic.length, true);
  const start = Math.ceil((magic.length + 8 + headerLength) / 8) * 8;
  const header = new TextDecoder('utf-8', { fatal: true }).decode(
    bytes.subarray(magic.length + 8, magic.length + 8 + headerLength),
  );

  function revive(_key: string, value: unknown): unknown {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, '$array')) return value;
    const { $array, offset, length } = value as ArrayReference;
    if (!Object.hasOwn(arrayTypes, $array)) throw new DataError(`record: unknown array type ${$array}`);
    return new arrayTypes[$array](bytes.buffer, start + offset, length);
  }
  const record: unknown = JSON.parse(header, revive);
  if (typeof record !== 'object' || record === null || !('kind' in record) || !('format' in record)) {
    throw new DataError('record: kind or format is missing');
  }
  return record as VersionedRecord;
}

/** SHA-256 of bytes or UTF-8 text, in hex. */
export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}
