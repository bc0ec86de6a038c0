import { isAbsolute, join, relative, sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/core/errors.js';
import { confinedPath } from '../../src/registry/confined-path.js';

describe('confinedPath', () => {
  it.each(['model.onnx', 'report/index.html', '.hidden', 'a..b/...', 'báo cáo/kết quả.html', 'a#b %2e%2e'])(
    'accepts %j',
    (path) => {
      expect(confinedPath(path)).toBe(path);
    },
  );

  it.each([
    '',
    '/',
    '/etc/passwd',
    '..',
    '../x',
    'a/../b',
    'a/..',
    './a',
    'a//b',
    'a/',
    'a\0b',
    'a\\..\\b',
    'C:x',
    'c:/x',
    'a\nb',
  ])('refuses %j', (path) => {
    expect(() => confinedPath(path)).toThrow(ConfigError);
  });

  it('never lets a path out of its folder', () => {
    const part = fc.oneof(fc.constantFrom('..', '.', '', '/', '\\', '\0', 'C:'), fc.string({ maxLength: 4 }));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), fc.constantFrom('/', '', '\\'), (parts, separator) => {
        const path = parts.join(separator);
        let confined: string;
        try {
          confined = confinedPath(path);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
          return;
        }
        const inside = relative('/store', join('/store', confined));
        expect(inside).not.toBe('');
        expect(isAbsolute(inside)).toBe(false);
        expect(inside.split(sep)).not.toContain('..');
        expect(inside).toBe(confined);
      }),
      { numRuns: 1000 },
    );
  });
});
