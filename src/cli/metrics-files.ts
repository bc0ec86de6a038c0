import { join } from 'node:path';
import type { DriftReport } from '../evaluation/drift/drift-report.js';
import type { DriftVerdict } from '../evaluation/drift/thresholds.js';
import type { Gate } from '../evaluation/gate/gate.js';
import { makeFolder, writeFileAtomically } from '../registry/atomic-file.js';
import { prometheusText, type MetricFamily } from './prometheus-text.js';
import type { Gated } from './promotion.js';
import type { CliSession } from './session.js';

/** What a training tells of one model. */
export interface TrainingFacts extends Gated {
  /** Milliseconds since 1970-01-01 UTC. */
  readonly finishedAt: number;
  readonly seconds: number;
}

const decisions: readonly Gate['decision'][] = ['promote', 'hold', 'refuse'];
const verdicts: readonly DriftVerdict[] = ['steady', 'watch', 'drift'];

/** Writes what a training did, and who is champion now, where `KOL_METRICS_DIR` names a folder. */
export async function writeTrainingMetrics(
  session: CliSession,
  trainings: readonly TrainingFacts[],
): Promise<void> {
  for (const facts of trainings) {
    await write(session, `kol_train_${facts.model}`, trainingFamilies(facts));
    await writeChampionMetrics(session, facts.model);
  }
}

/** Writes since when which version is champion in the local store. */
export async function writeChampionMetrics(session: CliSession, model: string): Promise<void> {
  if (session.environment.metricsFolder === undefined) return;
  const changes = await session.models.audit(model);
  const since = changes.findLast(({ from, to }) => from.champion !== to.champion);
  if (since === undefined) return;
  const one = (name: string, help: string, value: number): MetricFamily => ({
    name,
    help,
    samples: [{ labels: { model }, value }],
  });
  await write(session, `kol_champion_${model}`, [
    one('kol_champion_version', 'Number of the champion in the local store; 0: none', since.to.champion ?? 0),
    one('kol_champion_since_timestamp_seconds', 'When it became the champion', since.at / 1000),
  ]);
}

/** Writes what `kol drift` found. */
export function writeDriftMetrics(session: CliSession, report: DriftReport): Promise<void> {
  return write(session, `kol_drift_${report.model}`, driftFamilies(report, Date.now()));
}

function trainingFamilies({ model, version, gate, finishedAt, seconds }: TrainingFacts): MetricFamily[] {
  const one = (name: string, help: string, value: number): MetricFamily => ({
    name,
    help,
    samples: [{ labels: { model }, value }],
  });
  return [
    one('kol_train_finished_timestamp_seconds', 'When the latest training ended', finishedAt / 1000),
    one('kol_train_duration_seconds', 'How long the command took that trained it', seconds),
    one('kol_train_version', 'Number of the version that it made, in the local store', version),
    {
      name: 'kol_train_decision',
      help: 'What the gate decided: 1 at one of promote, hold, refuse',
      samples: decisions.map((decision) => ({
        labels: { model, decision },
        value: gate.decision === decision ? 1 : 0,
      })),
    },
  ];
}

function driftFamilies(
  { model, rows, columns, performance, rules, verdict }: DriftReport,
  now: number,
): MetricFamily[] {
  const levels = '0 steady, 1 watch, 2 drift';
  return [
    {
      name: 'kol_drift_checked_timestamp_seconds',
      help: 'When rows were last compared with the training',
      samples: [{ labels: { model }, value: now / 1000 }],
    },
    {
      name: 'kol_drift_rows',
      help: 'Rows that were compared',
      samples: [{ labels: { model }, value: rows.current }],
    },
    {
      name: 'kol_drift_verdict',
      help: `The gravest of all verdicts: ${levels}`,
      samples: [{ labels: { model }, value: verdicts.indexOf(verdict) }],
    },
    {
      name: 'kol_drift_column_verdict',
      help: `Verdict of an input or a score: ${levels}`,
      samples: columns.map(({ name, role, verdict }) => ({
        labels: { model, column: name, role },
        value: verdicts.indexOf(verdict),
      })),
    },
    {
      name: 'kol_drift_psi',
      help: 'Population stability index, less what sampling adds',
      samples: columns.flatMap(({ name, role, measures }) =>
        measures
          .filter(({ measure }) => measure === 'psi')
          .map(({ value }) => ({ labels: { model, column: name, role }, value })),
      ),
    },
    {
      name: 'kol_drift_expected_loss',
      help: 'Expected loss of a metric against the held-out rows',
      samples: (performance?.figures ?? []).map(({ metric, loss }) => ({
        labels: { model, metric },
        value: loss,
      })),
    },
    {
      name: 'kol_rule_departures',
      help: 'KOLs that a rule found: follower-spike, sentiment-drop, forecast-gap',
      samples: rules.map(({ rule, departures }) => ({ labels: { model, rule }, value: departures.length })),
    },
    {
      name: 'kol_rule_judged',
      help: 'KOLs with enough history to be judged by a rule',
      samples: rules.map(({ rule, judged }) => ({ labels: { model, rule }, value: judged })),
    },
    {
      name: 'kol_rule_verdict',
      help: `Verdict of a rule: ${levels}`,
      samples: rules.map(({ rule, verdict }) => ({
        labels: { model, rule },
        value: verdicts.indexOf(verdict),
      })),
    },
  ];
}

/** A collector that looks at any moment sees the former file or the new one, whole. */
async function write(session: CliSession, name: string, families: readonly MetricFamily[]): Promise<void> {
  const folder = session.environment.metricsFolder;
  if (folder === undefined) return;
  await makeFolder(folder);
  await writeFileAtomically(join(folder, `${name.replace(/[^\w.-]+/g, '_')}.prom`), prometheusText(families));
}
