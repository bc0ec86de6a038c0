import { Command } from 'commander';
import { join } from 'node:path';
import { DataError, GateError } from '../../core/errors.js';
import { createRng } from '../../core/rng.js';
import { columnCounts } from '../../evaluation/drift/column-counts.js';
import { measureColumn } from '../../evaluation/drift/column-drift.js';
import { judgeDrift, type DriftReport } from '../../evaluation/drift/drift-report.js';
import { estimatePerformance } from '../../evaluation/drift/estimated-performance.js';
import type { DriftReference } from '../../evaluation/drift/reference.js';
import { driftThresholds } from '../../evaluation/drift/thresholds.js';
import { openSession, type Session } from '../../onnx/session.js';
import { makeFolder, writeFileAtomically } from '../../registry/atomic-file.js';
import { runBatches } from '../../release/run-batches.js';
import { judgeActivity } from '../activity.js';
import { readConfig } from '../config-file.js';
import { openReference } from '../drift-reference.js';
import { causesOf, driftInWords } from '../drift-words.js';
import { writeDriftMetrics } from '../metrics-files.js';
import { openModel, type ModelFile } from '../model-file.js';
import { common, wholeNumber } from '../option-types.js';
import { checkReleaseFolder } from '../release-folder.js';
import type { CliSession } from '../session.js';
import { openModelInput } from './score.js';

interface Options {
  model: string;
  input: string;
  reference?: string;
  activity?: string;
  config?: string;
  out?: string;
  seed?: number;
  threads?: number;
  skipBadRows?: string;
  json?: boolean;
}

/** `kol drift` */
export function driftCommand(session: CliSession): Command {
  return new Command('drift')
    .description('compare new rows with what the model was trained on; exit code 4 where they drifted')
    .requiredOption('--model <model>', 'model.onnx, its folder, models:/name@champion or models:/name/3')
    .requiredOption('--input <file>', 'CSV or Parquet file with new rows, no labels needed')
    .option(
      '--reference <file>',
      "what to compare with: a reference.json, or a table of rows (default: the model's own)",
    )
    .option(
      '--activity <file>',
      'KOLs over time (kol_id, a date, followers_count, sentiment, or actual with yhat_lower and yhat_upper), for the rules on spikes, drops and gaps',
    )
    .option('--out <folder>', 'write drift.json here')
    .option('--seed <n>', 'seed of the intervals of estimated performance', wholeNumber(0, 4_294_967_295))
    .addOption(common.config())
    .addOption(common.threads())
    .addOption(common.skipBadRows())
    .addOption(common.json())
    .addHelpText('after', '\nExample:\n  kol drift --model models:/kol-trust@champion --input accounts.csv')
    .action(async (options: Options) => {
      const thresholds = await readConfig(driftThresholds, options.config, {});
      if (options.out !== undefined) await checkReleaseFolder(options.out);
      const model = await openModel(options.model, session);
      const graph = await openSession(model.onnx, {
        threads: options.threads ?? session.environment.threads,
      });
      try {
        const about = { reference: options.reference, modelName: options.model };
        const reference = await openReference(model, graph, about, session.signal);
        const rules =
          options.activity === undefined
            ? []
            : await judgeActivity(options.activity, thresholds, session.signal);
        const measured = await measureFile(model, graph, reference, options, session);
        const report = judgeDrift(reference, { ...measured, rules }, thresholds);
        if (options.out !== undefined) {
          await makeFolder(options.out);
          await writeFileAtomically(join(options.out, 'drift.json'), `${JSON.stringify(report, null, 2)}\n`);
        }
        await writeDriftMetrics(session, report);
        session.print(options.json ? JSON.stringify(report, null, 2) : driftInWords(report, options.input));
        refuseDrift(report, options.input);
      } finally {
        await graph.close();
      }
    });
}

/** Reads the file once, batch by batch. */
async function measureFile(
  { card }: ModelFile,
  graph: Session,
  reference: DriftReference,
  options: Options,
  session: CliSession,
): Promise<Omit<Parameters<typeof judgeDrift>[1], 'rules'>> {
  const file = await openModelInput(options.input, card, options, session.signal);
  const read = new Set(card.inputs.map(({ name }) => name));
  const columns = reference.columns
    .filter(({ name }) => read.has(name))
    .map((column) => ({ column, counts: columnCounts(column) }));
  const scores = reference.scores.map((column) => ({ column, counts: columnCounts(column) }));
  const probabilities: Float32Array[] = [];
  const stage = session.progress.stage('reading and scoring', file.nRows);
  let nRows = 0;
  try {
    for await (const batch of file.batches({ signal: session.signal })) {
      const outputs = await runBatches(graph, card.inputs, batch);
      for (const { column, counts } of columns) counts.add(batch.columns[column.name]);
      for (const { column, counts } of scores)
        counts.add({ type: 'number', values: Float64Array.from(outputs[column.name]) });
      if (reference.confidence !== null) probabilities.push(outputs[card.primaryOutputs[0]]);
      nRows += batch.nRows;
      stage.advance(batch.nRows);
    }
  } finally {
    stage.done();
  }
  if (nRows === 0) throw new DataError(`${options.input} has no rows; expected rows to compare`);
  const { confidence } = reference;
  return {
    nRows,
    columns: columns.map(({ column, counts }) => measureColumn(column, counts)),
    scores: scores.map(({ column, counts }) => measureColumn(column, counts)),
    performance:
      confidence === null
        ? null
        : estimatePerformance(joined(probabilities, nRows), confidence, createRng(options.seed ?? 7)),
  };
}

function joined(parts: readonly Float32Array[], length: number): Float64Array {
  const all = new Float64Array(length);
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

/** @throws {GateError} so that a scheduler sees it */
function refuseDrift(report: DriftReport, input: string): void {
  if (report.verdict !== 'drift') return;
  throw new GateError(
    `${input} drifted from the training of ${report.model}: ${causesOf(report, 'drift').join('; ')}`,
  );
}
