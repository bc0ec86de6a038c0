import { describe, expect, it } from 'vitest';
import { tasks } from '../../src/champion/tasks.js';
import { fitChampion } from '../../src/champion/fit.js';
import { inlinePool } from '../../src/core/inline-pool.js';
import { DataError } from '../../src/core/errors.js';
import { silent } from '../../src/core/progress.js';
import { createRng } from '../../src/core/rng.js';
import { exportChampion } from '../../src/onnx/champion.js';
import { feedsOf } from '../../src/onnx/feeds.js';
import { openSession } from '../../src/onnx/session.js';
import { readCard } from '../../src/release/read-card.js';
import { runBatches } from '../../src/release/run-batches.js';
import { spec, syntheticRows } from '../champion/synthetic.js';

const data = syntheticRows(300, 4);
const { model } = await fitChampion(
  data,
  spec,
  Uint32Array.from(data.y.keys()),
  { pool: inlinePool(tasks), rng: createRng(1), progress: silent },
  'fit',
);
const plan = { probabilities: [{ name: 'p', of: 'positive', scale: 1 }], baseScores: false } as const;

describe('readCard', () => {
  it('reads the card out of the graph', () => {
    const card = { name: 'Đặng', classes: ['</script>'] };
    const onnx = exportChampion(model, plan, { kol: JSON.stringify(card) });
    expect(readCard(onnx, 'model.onnx')).toEqual(card);
  });

  it('refuses other files, graphs without a card, and broken cards', () => {
    const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
    const read = (onnx: Uint8Array) => () => readCard(onnx, 'a.onnx');
    expect(read(bytes('<html>no model</html>'))).toThrow(DataError);
    expect(read(exportChampion(model, plan, {}))).toThrow(
      'a.onnx is an ONNX file, but not one that kol wrote',
    );
    const broken = read(exportChampion(model, plan, { kol: '{"name":' }));
    expect(broken).toThrow(DataError);
    expect(broken).toThrow('a.onnx carries a card that cannot be read');
  });
});

describe('runBatches', () => {
  it('gives every row the answer it gets alone, over the edges of batches', async () => {
    const session = await openSession(exportChampion(model, plan, {}));
    try {
      const batched = await runBatches(session, spec.inputs, data.table);
      const whole = await session.run(feedsOf(spec.inputs, data.table));
      expect(data.table.nRows).toBeGreaterThan(256);
      expect(batched.p).toHaveLength(data.table.nRows);
      batched.p.forEach((p, i) => expect(p).toBeCloseTo(whole.p[i], 6));
    } finally {
      await session.close();
    }
  });
});
