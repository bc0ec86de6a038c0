import { Command, Option } from 'commander';
import { ConfigError } from '../../core/errors.js';
import { writeCommentScores, type WrittenComments } from '../../sentiment/comments/write-scores.js';
import { withLakehouse } from '../lakehouse.js';
import { openRegisteredModel } from '../model-file.js';
import { common } from '../option-types.js';
import type { CliSession } from '../session.js';

interface Options {
  model: string;
  since?: string;
  source?: 'duckdb' | 'trino';
  lakehouse?: string;
  json?: boolean;
}

/** `kol score comments` */
export function scoreCommentsCommand(session: CliSession): Command {
  return new Command('comments')
    .description('score kol_silver.kol_comments into kol_gold.kol_comment_scores, month by month of posting')
    .addOption(
      new Option('--model <name>', 'registered sentiment model whose champion scores').default(
        'kol-sentiment',
      ),
    )
    .option('--since <date>', 'only months from that of this date on (ISO 8601); others stay as they are')
    .addOption(common.source())
    .addOption(common.lakehouse())
    .addOption(common.json())
    .action(async (options: Options) => {
      const { since } = options;
      if (since !== undefined && Number.isNaN(Date.parse(since)))
        throw new ConfigError(`--since ${since} must be a date such as 2026-09-01`);
      const { version, onnx } = await openRegisteredModel(`models:/${options.model}@champion`, session);
      const written = await withLakehouse(session, options, ({ source, target }) =>
        writeCommentScores({
          source,
          target,
          model: { name: options.model, version, onnx },
          ...(since !== undefined && { since }),
          progress: session.progress,
          signal: session.signal,
        }),
      );
      session.print(options.json ? JSON.stringify(written) : commentsInWords(written));
    });
}

/** What was written, in one line. */
export function commentsInWords({ table, nRows, months }: WrittenComments): string {
  return `${table}: ${nRows} comments of ${months} months`;
}
