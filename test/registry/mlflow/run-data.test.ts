import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchesOf } from '../../../src/registry/mlflow/batches.js';
import { limits, mlflowKey, mlflowText } from '../../../src/registry/mlflow/keys.js';
import { metricFromWire, metricToWire } from '../../../src/registry/mlflow/metric-value.js';
import { mlflowDataset } from '../../../src/registry/mlflow/datasets.js';
import { proxiedFolder } from '../../../src/registry/mlflow/artifacts/proxied-folder.js';

describe('keys', () => {
  it('stay as they are where MLflow takes them', () => {
    for (const key of ['auc', 'random_hold_out/roc_auc', 'a b.c-d', 'điểm', 'x'.repeat(250)])
      expect(mlflowKey(key)).toBe(key);
  });

  it('are made fit, and never alike', () => {
    const hostile = [
      'f1@0.5',
      'f1#0.5',
      'recall(at=10)',
      'a//b',
      '../a',
      '/a',
      "it's",
      'x'.repeat(251),
      'a\nb',
    ];
    const keys = hostile.map(mlflowKey);
    expect(new Set(keys).size).toBe(hostile.length);
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' }), (name) => {
        const key = mlflowKey(name);
        expect(key).toMatch(/^[\p{L}\p{N}_\-. /]{1,250}$/u);
        expect(key.split('/').some((part) => ['', '.', '..'].includes(part))).toBe(false);
      }),
    );
  });

  it('and texts that are too long are cut and say so', () => {
    expect(mlflowText('short', 10)).toBe('short');
    const cut = mlflowText('🎉'.repeat(4_000), 6_000);
    expect(cut.length).toBeLessThanOrEqual(6_000);
    expect(cut).toMatch(/🎉 … \(8000 characters, SHA-256 [0-9a-f]{64}\)$/u);
  });
});

describe('metrics', () => {
  it('keep every number on the way to MLflow and back', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        if (Math.abs(value) === Number.MAX_VALUE) return;
        const back = metricFromWire.parse(JSON.parse(JSON.stringify(metricToWire(value))));
        expect(Object.is(back, value === 0 ? back : value)).toBe(true);
      }),
    );
    expect(metricFromWire.parse(-Number.MAX_VALUE)).toBe(-Infinity);
  });
});

describe('batches', () => {
  it('keep within the limits and leave nothing out', () => {
    const params = Object.fromEntries(
      Array.from({ length: 250 }, (_, i) => [`p${i}`, 'v'.repeat(i % 9 ? 5 : 5_900)]),
    );
    const tags = Object.fromEntries(Array.from({ length: 301 }, (_, i) => [`t${i}`, 'đ'.repeat(7_000)]));
    const metrics = Array.from({ length: 2_500 }, (_, i) => ({ key: 'm', value: i, step: i, at: i }));
    const batches = batchesOf({ params, metrics, tags });
    for (const batch of batches) {
      expect((batch.params ?? []).length).toBeLessThanOrEqual(limits.paramsPerBatch);
      expect((batch.tags ?? []).length).toBeLessThanOrEqual(limits.tagsPerBatch);
      expect((batch.metrics ?? []).length).toBeLessThanOrEqual(limits.metricsPerBatch);
      expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThan(1_000_000);
    }
    expect(batches.flatMap((batch) => batch.params ?? [])).toHaveLength(250);
    expect(batches.flatMap((batch) => batch.tags ?? []).map(({ key }) => key)).toEqual(Object.keys(tags));
    expect(batches.flatMap((batch) => batch.metrics ?? []).map(({ step }) => step)).toEqual(
      metrics.map(({ step }) => step),
    );
    expect(batchesOf({})).toEqual([]);
  });
});

describe('datasets', () => {
  it('have a digest that MLflow takes, and one of their own', () => {
    const set = { name: 't', source: 'no JSON', schema: { a: 'number', b: 'odd' }, role: 'training' };
    const long = [1, 2].map((i) => mlflowDataset({ ...set, digest: `${'x'.repeat(40)}${i}` }).digest);
    expect(new Set(long).size).toBe(2);
    for (const digest of long) expect(digest.length).toBeLessThanOrEqual(36);
    expect(mlflowDataset({ ...set, digest: '8954597067493422955' })).toMatchObject({
      digest: '8954597067493422955',
      source: '{"source":"no JSON"}',
      schema: JSON.stringify({
        mlflow_colspec: [
          { name: 'a', type: 'double', required: false },
          { name: 'b', type: 'string', required: false },
        ],
      }),
    });
  });
});

describe('the address of artifacts', () => {
  const at = { base: 'https://host:5000/prefix', origin: 'https://host:5000' };
  it.each([
    ['mlflow-artifacts:/1/abc/artifacts', 'https://host:5000/prefix/api/2.0', '1/abc/artifacts', true],
    ['mlflow-artifacts://other:81/1/a', 'https://other:81/prefix/api/2.0', '1/a', false],
    [
      'https://host:5000/prefix/api/2.0/mlflow-artifacts/artifacts/1/a',
      'https://host:5000/prefix/api/2.0',
      '1/a',
      true,
    ],
    ['http://evil/api/2.0/mlflow-artifacts/artifacts/1', 'http://evil/api/2.0', '1', false],
  ])('%s', (uri, api, folder, withLogin) => {
    expect(proxiedFolder(uri, at)).toEqual({ api, folder, withLogin });
  });
});
