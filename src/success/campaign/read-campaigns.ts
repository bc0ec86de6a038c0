import type { Lineage } from '../../core/lineage.js';
import { readPinned } from '../../sources/pinned-reading.js';
import type { TableSource } from '../../sources/table-source.js';
import type { CampaignConfig } from './config.js';
import { withPlannedDays } from './planned-days.js';
import { finishedCampaignsQuery } from './query.js';
import { campaignRows, type CampaignRows } from './rows.js';
import { withTypicalPrice } from './typical-price.js';

/** Finished campaigns, each as it was known before it began. */
export async function readCampaigns(
  config: CampaignConfig,
  source: TableSource,
  signal: AbortSignal | undefined,
): Promise<{ readonly rows: CampaignRows; readonly lineage: Lineage }> {
  const query = finishedCampaignsQuery(config.asOf, config.leadDays);
  const { table, lineage } = await readPinned(source, query, config, signal);
  return { rows: campaignRows(withTypicalPrice(withPlannedDays(table))), lineage };
}
