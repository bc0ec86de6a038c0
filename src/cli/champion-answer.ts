import type { Gate } from '../evaluation/gate/gate.js';
import type { Release } from '../release/build-release.js';
import { wrap } from './summary.js';

/** What a training of one champion did. */
interface ChampionTraining {
  readonly release: Release;
  readonly gate: Gate;
  readonly version: number;
  readonly runId: string;
}

/** The outcome for programs. */
export function championJson({ release, gate, version, runId }: ChampionTraining, folder: string): string {
  const { card, parity } = release;
  return JSON.stringify(
    { model: card.name, version, runId, folder, gate, parity, assessments: card.assessments },
    null,
    2,
  );
}

/**
 * The last lines of the outcome for people: what follows from the figures, where the files are, and how to score.
 * @param input names a file with the columns of the model
 */
export function releaseInWords(
  name: string,
  { release, gate, version }: ChampionTraining,
  folder: string,
  input: string,
): readonly string[] {
  const { conclusions, parity } = release;
  return [
    ...conclusions.map((sentence) => wrap(sentence, 78, '')),
    '',
    `The ONNX graph agrees with the model on ${parity.nRows} rows within ${parity.maxAbsDifference.toExponential(1)}.`,
    `Files:  ${folder}`,
    `Report: ${folder}/report.html`,
    'Score:',
    `  npx kol score --model models:/${name}${gate.decision === 'promote' ? '@champion' : `/${version}`} \\`,
    `    --input ${input} --output scores.csv`,
  ];
}
