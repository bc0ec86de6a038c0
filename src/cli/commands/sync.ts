import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { InterruptedError, ServiceError, throwIfAborted } from '../../core/errors.js';
import { syncFailure, type SyncReport } from '../../registry/sync/sync-store.js';
import { syncToMlflow } from '../mlflow-sync.js';
import { common, wholeNumber } from '../option-types.js';
import type { CliSession } from '../session.js';

interface Options {
  watch?: boolean;
  every: number;
  verify?: boolean;
  json?: boolean;
}

/** `kol sync` */
export function syncCommand(session: CliSession): Command {
  return new Command('sync')
    .description('send to MLflow what the local store holds and MLflow does not: runs, versions, aliases')
    .option('--watch', 'go on sending what is new, until stopped')
    .option('--every <seconds>', 'pause between two looks with --watch', wholeNumber(1, 86_400), 10)
    .option('--verify', 'look everything up in MLflow again, also what was seen there before')
    .addOption(common.json())
    .addHelpText(
      'after',
      '\nStopped or killed anywhere, the next one goes on from there; nothing is sent twice.\nExample:\n  MLFLOW_TRACKING_URI=http://mlflow:5000 kol sync',
    )
    .action(async ({ watch, every, verify, json }: Options) => {
      if (watch) return keepSending(session, every, verify === true, json === true);
      const report = await syncToMlflow(session, { verify: verify === true });
      session.print(json ? JSON.stringify(report, null, 2) : inWords(report));
      const failure = syncFailure(report);
      if (failure !== undefined) throw failure;
    });
}

/** One look after the other. A service that does not answer is waited for; damage is told once. */
async function keepSending(
  session: CliSession,
  every: number,
  verify: boolean,
  json: boolean,
): Promise<void> {
  const { signal, progress } = session;
  let told = '';
  const tell = (message: string): void => {
    if (message !== told) progress.note(message);
    told = message;
  };
  for (let look = 0; ; look++) {
    throwIfAborted(signal);
    try {
      const report = await syncToMlflow(session, { verify: verify && look === 0 });
      const isNews = report.runs.length + report.versions.length + report.aliases.length > 0;
      if (isNews) session.print(json ? JSON.stringify(report) : inWords(report));
      tell(
        [syncFailure(report)?.message, ...report.held.map(({ reason }) => reason)].filter(Boolean).join('; '),
      );
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      tell(error.message);
    }
    await sleep(every * 1_000, undefined, { signal }).catch((cause: unknown) => {
      throw new InterruptedError(undefined, { cause });
    });
  }
}

function inWords(report: SyncReport): string {
  const { target, runs, versions, aliases, held, discarded } = report;
  const lines = [
    ...runs.map(({ runId, mlflowRunId, status }) => `run ${runId}: ${status} as ${mlflowRunId}`),
    ...versions.map(
      ({ name, version, mlflowVersion }) => `${name} version ${version}: ${mlflowVersion} in MLflow`,
    ),
    ...aliases.map(
      ({ name, champion, previous }) =>
        `${name}: champion is version ${champion}${previous === null ? '' : `, previous is version ${previous}`}`,
    ),
    ...discarded.map((runId) => `run ${runId}: lies in MLflow's bin and stays there`),
    ...held.map(({ name, reason }) => `${name}: ${reason}`),
  ];
  return lines.length === 0 ? `${target} has everything` : [...lines, `sent to ${target}`].join('\n');
}
