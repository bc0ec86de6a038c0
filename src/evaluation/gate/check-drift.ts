import { jensenShannonDistance } from '../drift/jensen-shannon.js';
import { populationStabilityIndex } from '../drift/population-stability-index.js';
import { binCounts, quantileEdges } from '../drift/quantile-bins.js';
import { formatNumber, formatShare } from '../format-number.js';
import { commonRows, takeRows } from './common-rows.js';
import { type Check, notApplicable } from './context.js';
import type { CheckResult } from './gate.js';
import type { GateSubject } from './subject.js';

const title = 'Score drift';
const bins = 10;

/** How far the scores and decisions move from those of the champion, on the same rows. */
export const driftCheck: Check = {
  code: 'drift',
  title,
  run({ subject, policy, pairs }) {
    const on = subject.rows.find(({ champion }) => champion !== undefined);
    if (
      subject.champion === null ||
      subject.task === 'forecast' ||
      on === undefined ||
      pairs[0].tooFew !== undefined
    ) {
      return [notApplicable('drift', title, 'there are no scores of a champion to compare with')];
    }
    const { challenger, champion = [] } = takeRows(on, commonRows(on));
    const levels = policy.drift;
    const results: CheckResult[] = [];
    if (subject.task !== 'multiclass') {
      const edges = quantileEdges(champion[0], bins);
      const [before, after] = [champion[0], challenger[0]].map((scores) => binCounts(edges, scores));
      const index = populationStabilityIndex(before, after);
      const distance = jensenShannonDistance(before, after);
      results.push(
        levelled('psi', 'Population stability index of the scores', index, levels.psi, formatNumber),
        levelled(
          'jensen_shannon',
          'Jensen-Shannon distance of the scores',
          distance,
          levels.jensenShannon,
          formatNumber,
        ),
      );
    }
    const flips = flipped(subject, challenger, champion);
    if (flips !== undefined) {
      results.push(levelled('flips', 'Decisions that change', flips, levels.flips, formatShare));
    }
    return results;
  },
};

function levelled(
  name: string,
  label: string,
  value: number,
  { hold, refuse }: { readonly hold: number; readonly refuse: number },
  show: (value: number) => string,
): CheckResult {
  const verdict = value > refuse ? 'fail' : value > hold ? 'inconclusive' : 'pass';
  return {
    code: `drift/${name}`,
    title: label,
    value,
    threshold: hold,
    verdict,
    evidence: { hold, refuse },
    words:
      verdict === 'pass'
        ? `${label.toLowerCase()}: ${show(value)}`
        : `the scores drift from those of the champion: ${label.toLowerCase()} ${show(value)}, ${verdict === 'fail' ? `refused above ${show(refuse)}` : `held above ${show(hold)}`}`,
  };
}

/** The share of rows that the two models decide differently. */
function flipped(
  { task, thresholds }: GateSubject,
  challenger: readonly Float64Array[],
  champion: readonly Float64Array[],
): number | undefined {
  const nRows = challenger[0].length;
  let different: (row: number) => boolean;
  if (task === 'binary' && thresholds !== undefined) {
    different = (i) => challenger[0][i] >= thresholds.challenger !== champion[0][i] >= thresholds.champion;
  } else if (task === 'multiclass') {
    different = (i) => mostProbable(challenger, i) !== mostProbable(champion, i);
  } else return undefined;
  let flips = 0;
  for (let i = 0; i < nRows; i++) flips += Number(different(i));
  return flips / nRows;
}

function mostProbable(outputs: readonly Float64Array[], row: number): number {
  return outputs.reduce((best, output, k) => (output[row] > outputs[best][row] ? k : best), 0);
}
