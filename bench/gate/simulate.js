// One scenario many times over: how often the gate claims what, and how often its intervals hold the truth.
import {
  createRng,
  defaultPolicy,
  gatePolicy,
  runGate,
  delongPaired,
  delong,
  spentAlpha,
} from '../../dist/index.js';
import { drawModels } from './models.js';

const champion = 0.85;

/** The policy under test: all of the alpha at the first look, and only what compares the two. */
function policyOf(require) {
  return gatePolicy.parse({ require, replicates: 1_000, baseline: false, looks: { spending: 'none' } });
}

function subjectOf(y, challenger, former) {
  return {
    challenger: 'challenger',
    champion: 'champion',
    task: 'binary',
    rows: [{ kind: 'random', title: 'rows', y, challenger: [challenger], champion: [former] }],
    thresholds: { challenger: 0.5, champion: 0.5 },
    lineage: {
      sources: [{ name: 'rows', id: '1' }],
      rows: y.length,
      digest: '1',
      seed: 1,
      toolkitVersion: '1',
    },
    look: 1,
  };
}

/** @returns counts over `trials` of what was claimed, promoted and covered, the true gain in ROC-AUC being `gain` */
export function scenario({ nRows, gain, trials, seed }) {
  const rng = createRng(seed).split(`${nRows}/${gain}`);
  const policy = policyOf('non-inferior');
  const counts = { better: 0, promoted: 0, aucAccepted: 0, refused: 0, held: 0, single: 0, covered: {} };
  for (let t = 0; t < trials; t++) {
    const own = rng.split(`${t}`);
    const { y, models } = drawModels(own, nRows, [champion + gain, champion]);
    const gate = runGate(subjectOf(y, ...models), policy, own);
    const verdicts = Object.fromEntries(gate.checks.map((check) => [check.code, check]));
    counts.better += Number(verdicts['comparison/claim'].value === 'better');
    counts.promoted += Number(gate.decision === 'promote');
    counts.refused += Number(gate.decision === 'refuse');
    counts.held += Number(gate.decision === 'hold');
    counts.aucAccepted += Number(verdicts['comparison/random/roc_auc'].verdict === 'pass');
    const truths = { roc_auc: gain, ...(gain === 0 && { brier_score: 0, log_loss: 0 }) };
    for (const [metric, truth] of Object.entries(truths)) {
      const { lower, upper } = verdicts[`comparison/random/${metric}`].evidence;
      counts.covered[metric] = (counts.covered[metric] ?? 0) + Number(lower <= truth && truth <= upper);
    }
    const alone = delong(y, models[0]);
    counts.single += Number(alone.lower <= champion + gain && champion + gain <= alone.upper);
  }
  return counts;
}

/**
 * Families of challengers that all equal the champion, one after another on the same rows: how often any is claimed
 * to be better.
 */
export function looks({ nRows, nLooks, families, spending, seed }) {
  const rng = createRng(seed).split(`looks/${nRows}`);
  let any = 0;
  for (let f = 0; f < families; f++) {
    const { y, models } = drawModels(
      rng.split(`${f}`),
      nRows,
      Array.from({ length: nLooks + 1 }, () => champion),
    );
    const [former, ...challengers] = models;
    const claimed = challengers.some((challenger, k) => {
      const alpha = spentAlpha(defaultPolicy.alpha, k + 1, spending, nLooks);
      // Better: the lower end of the interval with alpha / 2 beyond either end.
      return delongPaired(y, challenger, former, 1 - alpha).lower > 0;
    });
    any += Number(claimed);
  }
  return any / families;
}
