import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../src/core/errors.js';
import { decodeRecord, encodeRecord, sha256, type VersionedRecord } from '../../src/core/record.js';

const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((v) => (v === 0 ? 0 : v));
const typedArray = fc.oneof(
  fc.float64Array(),
  fc.float32Array(),
  fc.int32Array(),
  fc.uint32Array(),
  fc.uint16Array(),
  fc.int16Array(),
  fc.uint8Array(),
);
const key = fc.string({ unit: 'binary' }).filter((k) => k !== '$array' && k !== 'kind' && k !== 'format');
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    number,
    fc.string({ unit: 'binary' }),
    fc.boolean(),
    fc.constant(null),
    typedArray,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs)),
  ),
}));
const record = fc
  .array(fc.tuple(key, value), { maxLength: 5 })
  .map((pairs): VersionedRecord => ({ ...Object.fromEntries(pairs), kind: 'test', format: 1 }));

/** The same content, its keys in another order of insertion. */
function reversed(item: unknown): unknown {
  if (Array.isArray(item)) return item.map(reversed);
  if (item === null || typeof item !== 'object' || ArrayBuffer.isView(item)) return item;
  return Object.fromEntries(
    Object.entries(item)
      .reverse()
      .map(([name, part]) => [name, reversed(part)]),
  );
}

/** The bytes of a record with another header, its hash made right again. */
function withHeader(header: string, arrays = new Uint8Array(0)): Uint8Array {
  const text = Buffer.from(header);
  const start = Math.ceil((16 + text.length) / 8) * 8;
  const body = Buffer.alloc(start + arrays.length);
  body.write('KOLR0001');
  body.writeUInt32LE(text.length, 8);
  text.copy(body, 16);
  body.set(arrays, start);
  return Buffer.concat([body, createHash('sha256').update(body).digest()]);
}

const example = {
  kind: 'example',
  format: 2,
  value: new Float64Array([0.1, NaN, -Infinity, -0]),
  missingLeft: new Uint8Array([1, 0, 1]),
  threshold: Float32Array.of(1.5),
  names: ['tuổi', 'a\uD800b'],
};

describe('encodeRecord and decodeRecord', () => {
  it('give back what was stored', () => {
    fc.assert(
      fc.property(record, (given) => {
        expect(decodeRecord(encodeRecord(given))).toEqual(given);
      }),
      { numRuns: 300 },
    );
    expect(decodeRecord(encodeRecord(example))).toEqual(example);
  });

  it('give the same bytes whatever the order of the keys', () => {
    fc.assert(
      fc.property(record, (given) => {
        expect(encodeRecord(reversed(given) as VersionedRecord)).toEqual(encodeRecord(given));
      }),
      { numRuns: 100 },
    );
  });

  it('leave out what is undefined', () => {
    const bytes = encodeRecord({ ...example, extra: undefined } as VersionedRecord);
    expect(bytes).toEqual(encodeRecord(example));
  });

  it('store the window of an array, not the memory around it', () => {
    const memory = Float64Array.of(1, 2, 3, 4);
    const stored = encodeRecord({ ...example, value: memory.subarray(1, 3) } as VersionedRecord);
    expect(decodeRecord(stored)).toMatchObject({ value: Float64Array.of(2, 3) });
    const shared = new Float32Array(new SharedArrayBuffer(8));
    shared.set([5, 6]);
    const revived = decodeRecord(encodeRecord({ ...example, shared } as VersionedRecord));
    expect(revived).toMatchObject({ shared: Float32Array.of(5, 6) });
  });

  it('read a Buffer that lies anywhere in a larger one', () => {
    const bytes = encodeRecord(example);
    for (let shift = 0; shift < 9; shift++) {
      const pool = Buffer.alloc(bytes.length + 32, 0xaa);
      pool.set(bytes, shift);
      const decoded = decodeRecord(pool.subarray(shift, shift + bytes.length));
      expect(decoded).toEqual(example);
      pool.fill(0);
      expect(decoded).toEqual(example);
    }
  });

  it('refuse bytes in which any one bit is flipped', () => {
    const bytes = encodeRecord(example);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
        const tampered = bytes.slice();
        tampered[at] ^= 1 << bit;
        expect(() => decodeRecord(tampered)).toThrow(DataError);
      }),
      { numRuns: 300 },
    );
  });

  it('refuse every truncation and anything appended', () => {
    const bytes = encodeRecord(example);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeRecord(bytes.subarray(0, length))).toThrow(DataError);
    }
    expect(() => decodeRecord(Buffer.concat([bytes, Buffer.from([0])]))).toThrow(/SHA-256 does not match/);
  });

  it('refuse a header that lies about its arrays, even when the hash is right', () => {
    const reference = (fields: object): string => JSON.stringify({ kind: 'x', format: 1, values: fields });
    expect(() =>
      decodeRecord(withHeader(reference({ $array: 'Float64Array', offset: 0, length: 9 }))),
    ).toThrow(DataError);
    expect(() =>
      decodeRecord(withHeader(reference({ $array: 'Float64Array', offset: 4, length: 0 }))),
    ).toThrow(DataError);
    expect(() => decodeRecord(withHeader(reference({ $array: 'Array', offset: 0, length: 1 })))).toThrow(
      DataError,
    );
    expect(() => decodeRecord(withHeader(reference({ $array: 'toString', offset: 0, length: 1 })))).toThrow(
      DataError,
    );
    expect(() => decodeRecord(withHeader('{"kind":'))).toThrow(DataError);
    expect(() => decodeRecord(withHeader('[1]'))).toThrow(DataError);
    expect(() => decodeRecord(withHeader('null'))).toThrow(DataError);
    const longer = Buffer.from(withHeader('{}'));
    longer.writeUInt32LE(0xffffffff, 8);
    createHash('sha256')
      .update(longer.subarray(0, -32))
      .digest()
      .copy(longer, longer.length - 32);
    expect(() => decodeRecord(longer)).toThrow(DataError);
    const whole = withHeader(reference({ $array: 'Uint8Array', offset: 0, length: 2 }), Uint8Array.of(7, 8));
    expect(decodeRecord(whole)).toMatchObject({ values: Uint8Array.of(7, 8) });
  });

  it.each([
    ['NaN', { bad: NaN }, 'record: example.bad=NaN must be finite'],
    [
      'an infinity',
      { deep: [1, { bad: -Infinity }] },
      'record: example.deep[1].bad=-Infinity must be finite',
    ],
    ['a function', { bad: () => 1 }, 'record: example.bad is a function'],
    ['a bigint', { bad: 1n }, 'record: example.bad is a bigint'],
    ['an undefined item', { bad: [undefined] }, 'record: example.bad[0] is a undefined'],
    ['a class instance', { bad: new Date(0) }, 'record: example.bad is a object'],
    ['an unknown array', { bad: new BigInt64Array(1) }, 'record: example.bad is a BigInt64Array'],
    [
      'the key of arrays',
      { bad: { $array: 'Uint8Array' } },
      'record: example.bad must not have a key $array',
    ],
  ])('refuse %s, saying where it is', (_, extra, message) => {
    expect(() => encodeRecord({ ...example, ...extra })).toThrow(message);
  });
});

describe('sha256', () => {
  it('gives the digests of FIPS 180-4', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(sha256(new Uint8Array(0))).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });
});
