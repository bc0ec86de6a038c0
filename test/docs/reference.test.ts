import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('the documentation', () => {
  it('says of every export and its members what they are, and its reference is that of the code', async () => {
    const run = promisify(execFile)(process.execPath, ['scripts/reference.js', '--check'], { cwd: root });
    expect(
      await run.then(
        () => '',
        (error: { stderr: string }) => error.stderr,
      ),
    ).toBe('');
  });

  it('links to files that are there', () => {
    const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...pagesBelow('docs')];
    const missing = pages.flatMap((page) => {
      const folder = new URL(page, `file://${root}`);
      const links = readFileSync(folder, 'utf8').matchAll(/\]\((?!https?:|#)([^)#\s]+)/g);
      return Array.from(links, ([, link]) => link)
        .filter((link) => !isThere(new URL(link, folder)))
        .map((link) => `${page}: ${link}`);
    });
    expect(missing).toEqual([]);
  });
});

function pagesBelow(folder: string): string[] {
  return readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}

function isThere(url: URL): boolean {
  try {
    readFileSync(url);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EISDIR';
  }
}
