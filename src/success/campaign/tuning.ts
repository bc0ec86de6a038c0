import type { FitContext } from '../../champion/fit.js';
import { trainedOnInAll } from '../../ensemble/folds.js';
import type { TuningTask } from '../../release/tune-champion.js';
import type { TableSource } from '../../sources/table-source.js';
import type { CampaignConfig } from './config.js';
import { readCampaigns } from './read-campaigns.js';
import { campaignSplits } from './splits.js';
import { campaignTargets } from './targets.js';
import { campaignWords } from './words.js';

/** What a search for the boosters of campaign success may look at, and what it is judged on. */
export async function campaignTuning(
  config: CampaignConfig,
  source: TableSource,
  { signal }: Pick<FitContext, 'signal'>,
): Promise<TuningTask> {
  const { rows, lineage } = await readCampaigns(config, source, signal);
  const { random, forward } = campaignSplits(rows, config.holdOut, config.seed);
  const [success] = campaignTargets(rows, config);
  const searched = trainedOnInAll([random, forward]);
  return {
    model: config.model,
    data: success.data(searched),
    spec: success.spec,
    stopsEarly: false,
    rows: searched,
    digest: lineage.digest,
    held: [
      { ...campaignWords.random, split: random, data: success.data(random.train) },
      { ...campaignWords.forward, split: forward, data: success.data(forward.train) },
    ],
  };
}
