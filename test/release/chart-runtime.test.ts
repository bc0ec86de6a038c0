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
    ).toBe('functionfunctionfunction');
  });
  it('can stand inside a script element and loads nothing', async () => {
    const text = await chartRuntime();
    expect(text).not.toMatch(/<\/script|<!--|^import |^export |sourceMappingURL/m);
  });
});
