import { Command } from 'commander';
import type { RunRecord } from '../../registry/run-record.js';
import { common } from '../option-types.js';
import type { CliSession } from '../session.js';
import { textTable } from '../summary.js';

/** `kol runs` */
export function runsCommand(session: CliSession): Command {
  return new Command('runs')
    .description('list the runs of the local store, the latest last')
    .option('--experiment <name>', 'only runs of this experiment, kol-trust for example')
    .addOption(common.json())
    .action(async ({ experiment, json }: { experiment?: string; json?: boolean }) => {
      const { runs, damaged } = await session.runs.listRuns(experiment === undefined ? {} : { experiment });
      for (const { runId, message } of damaged) session.progress.note(`run ${runId} is damaged: ${message}`);
      if (json) session.print(JSON.stringify(runs, null, 2));
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
