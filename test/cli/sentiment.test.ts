import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeSampleLakehouse } from '../../src/sources/sample/write-sample.js';
import { hostileTexts } from '../sentiment/hostile-texts.js';
import { scratchFolder, sql } from '../sources/scratch.js';
import { kol } from './kol.js';

const folder = scratchFolder();
const lake = ['--lakehouse', 'lake'];

describe('sentiment', () => {
  it(
    'is trained, scores files and comments, and refuses what it cannot read',
    { timeout: 300_000 },
    async () => {
      await writeSampleLakehouse(join(folder, 'lake'), {
        seed: 7,
        accountsFile: 'data/trust-accounts.parquet',
        nKols: 5,
        nTexts: 900,
      });
      const early = await kol(folder, ['score', 'comments', ...lake]);
      expect(early).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('has no champion yet; train one first') as string,
      });

      const trained = await kol(folder, ['train', 'sentiment', ...lake, '--folds', '2', '--out', 'release']);
      expect(trained.stderr).not.toContain('kol:');
      expect(trained).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('kol-sentiment version 1: promoted') as string,
      });
      for (const line of trained.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);

      const rows = hostileTexts.filter((text) => (text ?? '').length < 10_000 && (text ?? '').isWellFormed());
      const cell = (text: string | null): string =>
        `"${(text ?? '').replaceAll('"', '""').replaceAll('\0', '')}"`;
      writeFileSync(
        join(folder, 'texts.csv'),
        `text_id,text\n${rows.map((text, i) => `t${i},${cell(text)}\n`).join('')}`,
      );
      const scored = await kol(folder, [
        'score',
        '--model',
        'release',
        '--input',
        'texts.csv',
        '--output',
        'scores.csv',
      ]);
      expect(scored.stderr).not.toContain('kol:');
      expect(scored.code).toBe(0);
      const [[n, good]] = await sql(
        `SELECT count(*), count(*) FILTER (abs(probability_negative + probability_neutral + probability_positive - 1) < 1e-5
        AND abs(sentiment - probability_positive + probability_negative) < 1e-5 AND spam_probability BETWEEN 0 AND 1
        AND prediction IN ('negative', 'neutral', 'positive') AND text_id LIKE 't%') FROM read_csv('${join(folder, 'scores.csv')}')`,
      );
      expect([Number(n), Number(good)]).toEqual([rows.length, rows.length]);

      writeFileSync(
        join(folder, 'bytes.csv'),
        Buffer.concat([Buffer.from('text\na'), Buffer.of(0xff), Buffer.from('\n')]),
      );
      const bytes = await kol(folder, [
        'score',
        '--model',
        'release',
        '--input',
        'bytes.csv',
        '--output',
        'none.csv',
      ]);
      expect(bytes).toMatchObject({ code: 3, stderr: expect.stringMatching(/bytes\.csv.*UTF-8/) as string });

      const comments = await kol(folder, ['score', 'comments', ...lake, '--json']);
      expect(comments.code).toBe(0);
      const [[stored]] = await sql(
        `SELECT count(*) FROM '${join(folder, 'lake/kol_gold/kol_comment_scores/*.parquet')}'`,
      );
      expect(JSON.parse(comments.stdout)).toMatchObject({ nRows: Number(stored) });
      expect(await kol(folder, ['score', 'comments', ...lake, '--since', 'soon'])).toMatchObject({ code: 2 });
      const help = await kol(folder, ['score', '--help']);
      expect(help.stdout).toContain('--input <file>');
      expect(help.stdout).toContain('comments');
    },
  );
});
