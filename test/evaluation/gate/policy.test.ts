import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defaultPolicy, gatePolicy } from '../../../src/evaluation/gate/policy.js';

interface Node {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
}
/** Every setting with its path. */
function settings(node: Node, path: readonly string[] = []): { path: string; node: Node }[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, inner]) => [
    { path: [...path, name].join('.'), node: inner },
    ...settings(inner, [...path, name]),
  ]);
}

describe('the policy', () => {
  const found = settings(z.toJSONSchema(gatePolicy, { io: 'input' }) as Node);

  it('explains every setting in its schema', () => {
    expect(found.length).toBeGreaterThan(50);
    expect(found.filter(({ node }) => (node.description ?? '').length < 15).map(({ path }) => path)).toEqual(
      [],
    );
  });

  it('has every setting in docs/gate.md, with its default', () => {
    const document = readFileSync(new URL('../../../docs/gate.md', import.meta.url), 'utf8');
    const at = (path: string): unknown =>
      path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], defaultPolicy);
    const leaves = found.filter(({ node }) => node.properties === undefined).map(({ path }) => path);
    expect(leaves.filter((path) => !document.includes(`| \`${path}\` | ${shown(at(path))} |`))).toEqual([]);
  });

  it('takes numbers in their range only', () => {
    expect(gatePolicy.safeParse({ alpha: 0 }).success).toBe(false);
    expect(gatePolicy.safeParse({ drift: { psi: { hold: 1 } } }).success).toBe(false);
    expect(gatePolicy.parse({ margins: { roc_auc: 0.003 } }).margins).toMatchObject({
      roc_auc: 0.003,
      log_loss: 0.02,
    });
  });
});

/** A default as the document writes it. */
function shown(value: unknown): string {
  if (value === undefined) return '–';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
