import { Command } from 'commander';
import { ConfigError } from '../../core/errors.js';
import { trackingAddress } from '../../registry/mlflow/settings.js';
import type { RunRecord } from '../../registry/run-record.js';
import { unsyncedRuns } from '../../registry/sync/unsynced-runs.js';
import { common } from '../option-types.js';
import type { CliSession } from '../session.js';
import { textTable } from '../summary.js';

interface Options {
  experiment?: string;
  unsynced?: boolean;
  json?: boolean;
}

/** `kol runs` */
export function runsCommand(session: CliSession): Command {
  return new Command('runs')
    .description('list the runs of the local store, the latest last')
    .option('--experiment <name>', 'only runs of this experiment, kol-trust for example')
    .option('--unsynced', 'only runs that MLflow was not seen to have as they are now')
    .addOption(common.json())
    .action(async ({ experiment, unsynced, json }: Options) => {
      const { runs: all, damaged } = await session.runs.listRuns(
        experiment === undefined ? {} : { experiment },
      );
      const runs = unsynced ? await unsyncedOf(session, all) : all;
      for (const { runId, message } of damaged) session.progress.note(`run ${runId} is damaged: ${message}`);
      if (json) session.print(JSON.stringify(runs, null, 2));
      else if (runs.length === 0 && unsynced) session.print('MLflow has every run');
      else if (runs.length === 0)
        session.print(`no runs in ${session.runs.folder} yet; begin with kol train trust`);
      else
        session.print(
          textTable([
            ['run', 'experiment', 'started', 'status', 'ROC-AUC', 'newest', 'decision'],
            ...runs.map(row),
          ]),
        );
    });
}

async function unsyncedOf(session: CliSession, runs: readonly RunRecord[]): Promise<RunRecord[]> {
  const { mlflow } = session.environment;
  if (mlflow === undefined)
    throw new ConfigError('--unsynced asks about MLflow, but MLFLOW_TRACKING_URI is not set');
  const missing = await unsyncedRuns(session.runs, trackingAddress(mlflow).base);
  return runs.filter(({ runId }) => missing.has(runId));
}

function row(run: RunRecord): string[] {
  const metric = (name: string): string => run.metrics[name]?.at(-1)?.value.toFixed(4) ?? '';
  return [
    run.runId,
    run.experiment,
    new Date(run.startedAt).toISOString().slice(0, 16).replace('T', ' '),
    run.status,
    metric('random_hold_out/roc_auc'),
    metric('newest_accounts/roc_auc'),
    run.tags.decision ?? '',
  ];
}
