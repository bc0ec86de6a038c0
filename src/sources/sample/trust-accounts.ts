import type { NumericType, Table } from '../../core/table.js';
import { openDataFile } from '../data-file.js';
import { trustTrainingSchema } from '../trust-training.js';
import type { PartWriter } from '../part-writer.js';
import { partWriter } from '../part-writer.js';

const observedOn = Date.UTC(2020, 7, 19);

const types: Readonly<Record<string, NumericType>> = {
  followers_count: 'number',
  following_count: 'number',
  post_count: 'number',
  favorites_count: 'number',
  verified: 'boolean',
  default_profile: 'boolean',
  default_profile_image: 'boolean',
  geo_enabled: 'boolean',
  account_age_days: 'number',
  label: 'number',
};

/**
 * Copies the real labelled accounts into kol_gold.ml_trust_training of `folder`; what the data lacks is null, and the
 * id is made of the row's position.
 */
export async function writeTrustAccounts(
  accountsFile: string,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const options = signal === undefined ? {} : { signal };
  const file = await openDataFile(accountsFile, { types, required: Object.keys(types), ...options });
  const writer = await partWriter(folder, 'kol_gold.ml_trust_training', trustTrainingSchema);
  try {
    let row = 0;
    for await (const batch of file.batches(options)) row = addAccounts(batch, row, writer);
    await writer.close();
  } finally {
    await writer.abort();
  }
}

function addAccounts(batch: Table, first: number, writer: PartWriter): number {
  for (let i = 0; i < batch.nRows; i++) {
    writer.add(
      trustTrainingSchema.map(({ name }) => {
        if (name === 'kol_id') return `acct-${String(first + i + 1).padStart(6, '0')}`;
        if (name === 'platform') return 'twitter';
        if (name === 'as_of') return observedOn;
        if (name === 'label_source') return 'twitter-human-bots';
        return name in types ? (batch.columns[name].values[i] ?? null) : null;
      }),
    );
  }
  return first + batch.nRows;
}
