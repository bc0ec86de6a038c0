import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Look, openLooksLedger } from '../../src/registry/looks-ledger.js';
import { heldOutDigest } from '../../src/release/held-out-digest.js';
import { scratchFolder } from '../sources/scratch.js';

const keys = Array.from({ length: 2_000 }, (_, i) => `kol-${i}`);
const look = (rows: readonly string[], comparison: string, model = 'kol-trust'): Look => ({
  model,
  ...heldOutDigest(
    rows,
    rows.map((_, i) => i % 2),
  ),
  comparison,
});

describe('the ledger of looks', () => {
  it('counts other comparisons on the same rows, and the same one once', async () => {
    const folder = scratchFolder();
    const ledger = openLooksLedger(folder);
    expect(await ledger.note(look(keys, 'a'), 0.5)).toBe(1);
    expect(await ledger.note(look(keys, 'b'), 0.5)).toBe(2);
    expect(await ledger.note(look(keys, 'a'), 0.5)).toBe(1);
    expect(await openLooksLedger(folder).note(look(keys, 'c'), 0.5)).toBe(3);
    expect(await ledger.note(look(keys, 'c', 'kol-success'), 0.5)).toBe(1);
    expect(readFileSync(join(folder, 'looks.jsonl'), 'utf8').trim().split('\n')).toHaveLength(4);
  });

  it('counts rows that were largely there before, and not those that were not', async () => {
    const ledger = openLooksLedger(scratchFolder());
    await ledger.note(look(keys, 'a'), 0.5);
    const moved = [...keys.slice(600), ...Array.from({ length: 600 }, (_, i) => `new-${i}`)];
    expect(await ledger.note(look(moved, 'b'), 0.5)).toBe(2);
    expect(await ledger.note(look(moved, 'c'), 0.9)).toBe(2);
    const other = [...keys.slice(1_500), ...Array.from({ length: 1_500 }, (_, i) => `other-${i}`)];
    expect(await ledger.note(look(other, 'd'), 0.5)).toBe(1);
  });

  it('gives looks at the same time numbers of their own', async () => {
    const folder = scratchFolder();
    const numbers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => openLooksLedger(folder).note(look(keys, `${i}`), 0.5)),
    );
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
  });

  it('goes on after a line that a crash cut off, and refuses one that was changed', async () => {
    const folder = scratchFolder();
    const path = join(folder, 'looks.jsonl');
    const ledger = openLooksLedger(folder);
    await ledger.note(look(keys, 'a'), 0.5);
    appendFileSync(path, '{"format":1,"model":"kol-tr');
    expect(await ledger.note(look(keys, 'b'), 0.5)).toBe(2);
    expect(await ledger.note(look(keys, 'c'), 0.5)).toBe(3);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"format":1', '"format":9'));
    await expect(ledger.note(look(keys, 'd'), 0.5)).rejects.toThrow('looks.jsonl:1 is no look');
  });

  it('names rows by what they are, in any order', () => {
    const y = keys.map((_, i) => i % 2);
    const one = heldOutDigest(keys, y);
    expect(heldOutDigest([...keys].reverse(), [...y].reverse())).toEqual(one);
    expect(
      heldOutDigest(
        keys,
        y.map((label) => 1 - label),
      ).rows,
    ).not.toBe(one.rows);
    expect(one.sketch).toHaveLength(256);
  });
});
