import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { chartRuntime } from '../../src/release/chart-runtime.js';

describe('chartRuntime', () => {
  it('defines what the page draws with, in a context that has nothing else', async () => {
    const text = await chartRuntime();
    const context = createContext({ URL, console, structuredClone, setTimeout, clearTimeout, setInterval });
    runInContext(text, context);
    expect(
      runInContext('typeof vega.View + typeof vegaLite.compile + typeof expressionInterpreter', context),
    ).toBe('functionfunctionobject');
    // It interprets: a chart whose expressions are not compiled is laid out with it.
    const drawn = `new vega.View(
      vega.parse({ signals: [{ name: 'twice', update: '2 * 21' }] }, null, { ast: true }),
      { expr: expressionInterpreter, renderer: 'none' },
    ).run().signal('twice')`;
    expect(runInContext(drawn, context)).toBe(42);
  });
  it('can stand inside a script element and loads nothing', async () => {
    const text = await chartRuntime();
    expect(text).not.toMatch(/<\/script|<!--|^import |^export |sourceMappingURL/m);
  });
});
