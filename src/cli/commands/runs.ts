import { Command } from 'commander';
import { ConfigError } from '../../core/errors.js';
import { trackingAddress } from '../../registry/mlflow/settings.js';
import { studyTag, type RunRecord } from '../../registry/run-record.js';
import { unsyncedRuns } from '../../registry/sync/unsynced-runs.js';
import { common } from '../option-types.js';
import type { CliSession } from '../session.js';
import { textTable } from '../summary.js';

interface Options {
  experiment?: string;
  study?: string;
  all?: boolean;
  unsynced?: boolean;
  json?: boolean;
}

/** `kol runs` */
export function runsCommand(session: CliSession): Command {
  return new Command('runs')
    .description('list the runs of the local store, the latest last')
    .option('--experiment <name>', 'only runs of this experiment, kol-trust for example')
    .option('--study <id>', 'the trials of this search of kol tune instead')
    .option('--all', 'trials of all searches too')
    .option('--unsynced', 'only runs that MLflow was not seen to have as they are now')
    .addOption(common.json())
    .action(async ({ experiment, study, all, unsynced, json }: Options) => {
      const { runs: kept, damaged } = await session.runs.listRuns(
        experiment === undefined ? {} : { experiment },
      );
      const shown = all && study === undefined ? kept : kept.filter(({ tags }) => tags[studyTag] === study);
      const runs = unsynced ? await unsyncedOf(session, shown) : shown;
      for (const { runId, message } of damaged) session.progress.note(`run ${runId} is damaged: ${message}`);
      if (json) session.print(JSON.stringify(runs, null, 2));
      else if (runs.length === 0 && unsynced) session.print('MLflow has every run');
      else if (runs.length === 0 && study !== undefined)
        session.print(`no trials of study ${study} in ${session.runs.folder}`);
      else if (runs.length === 0)
        session.print(`no runs in ${session.runs.folder} yet; begin with kol train trust`);
      else
        session.print(
          textTable([
            study === undefined
              ? ['run', 'experiment', 'started', 'status', 'ROC-AUC', 'newest', 'decision']
              : ['run', 'trial', 'booster', 'started', 'status', 'loss', 'rounds'],
            ...runs.map(study === undefined ? row : trialRow),
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
  return [
    ...[run.runId, run.experiment, started(run), run.status],
    last(run, 'random_hold_out/roc_auc', 4),
    last(run, 'newest_accounts/roc_auc', 4),
    run.tags.decision ?? '',
  ];
}

function trialRow(run: RunRecord): string[] {
  const { trial = '', base = '' } = run.tags;
  return [run.runId, trial, base, started(run), run.status, last(run, 'loss', 5), last(run, 'rounds', 0)];
}

const started = ({ startedAt }: RunRecord): string =>
  new Date(startedAt).toISOString().slice(0, 16).replace('T', ' ');

const last = ({ metrics }: RunRecord, name: string, digits: number): string =>
  metrics[name]?.at(-1)?.value.toFixed(digits) ?? '';
