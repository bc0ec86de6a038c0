import { Command, Option } from 'commander';
import { ConfigError } from '../../core/errors.js';
import { importTexts } from '../../sources/import-texts.js';
import { textCorpora, type Corpus, type CorpusName } from '../../sources/text-corpora.js';
import { common, list } from '../option-types.js';
import type { CliSession } from '../session.js';

interface Options {
  input: string;
  corpora?: string[];
  kind?: Corpus['kind'];
  lakehouse?: string;
  skipBadRows?: string;
  json?: boolean;
}

const known = Object.keys(textCorpora) as CorpusName[];

/** `kol import texts` */
export function importTextsCommand(session: CliSession): Command {
  return new Command('texts')
    .description(
      'load labelled texts into kol_gold.ml_text_sentiment and kol_gold.ml_text_spam, replacing what is there',
    )
    .requiredOption(
      '--input <path>',
      'folder of public corpora or of one of them, or a CSV or Parquet file with columns text and label',
    )
    .option('--corpora <names>', `corpora to take (default: all of ${known.join(', ')} that are there)`, list)
    .addOption(
      new Option(
        '--kind <kind>',
        'what a file holds: labels 0 to 2, or 0 and 1 (default: sentiment)',
      ).choices(['sentiment', 'spam']),
    )
    .addOption(common.lakehouse())
    .addOption(common.skipBadRows())
    .addOption(common.json())
    .action(async ({ input, corpora, kind, lakehouse, skipBadRows, json }: Options) => {
      const folder = lakehouse ?? session.environment.lakehouse;
      const imported = await importTexts({
        input,
        lakehouse: folder,
        ...(corpora && { corpora: corpora.map(corpusName) }),
        ...(kind && { kind }),
        ...(skipBadRows !== undefined && { skipBadRows }),
        signal: session.signal,
      });
      const bySource = Object.entries(imported.sources).map(([source, n]) => `  ${source}: ${n}`);
      session.print(
        json
          ? JSON.stringify(imported)
          : [
              `${imported.nRows} texts imported into ${imported.tables.join(' and ')} of ${folder}`,
              ...bySource,
              ...(imported.rejected > 0 ? [`${imported.rejected} bad rows set aside in ${skipBadRows}`] : []),
            ].join('\n'),
      );
    });
}

function corpusName(name: string): CorpusName {
  const found = known.find((corpus) => corpus === name);
  if (found === undefined) throw new ConfigError(`--corpora ${name} must be one of ${known.join(', ')}`);
  return found;
}
