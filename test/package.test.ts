import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toolkitVersion } from '../src/version.js';

interface Package {
  version: string;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const manifest = JSON.parse(read('package.json')) as Package;

describe('the package', () => {
  it('pins every dependency exactly', () => {
    const ranges = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(ranges.filter(([, range]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(range))).toEqual([]);
  });

  it('gives a reason for every production dependency', () => {
    const reasons = read('docs/dependencies.md');
    expect(Object.keys(manifest.dependencies).filter((name) => !reasons.includes(`| ${name} |`))).toEqual([]);
  });

  it('has one version', () => {
    expect(toolkitVersion).toBe(manifest.version);
  });

  it('states its whole surface, name by name', async () => {
    expect(read('src/index.ts')).not.toMatch(/export \*/);
    const surface = await import('../src/index.js');
    expect(Object.values(surface).filter((value) => value === undefined)).toEqual([]);
    expect(surface).toHaveProperty('trainTrust');
  });

  it('records no download addresses in the lock file', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved": "http/);
  });
});
