import type { Assessment } from '../champion/assess.js';
import type { ChampionModel } from '../champion/model.js';
import type { Gate } from '../evaluation/gate/gate.js';
import type { FeatureImportance, Report } from '../evaluation/report.js';
import type { ModelCard } from './card.js';

/** What a person should know about a release, figures first. */
export function buildReport(
  card: ModelCard,
  model: ChampionModel,
  assessments: readonly Assessment[],
  parity: { readonly maxAbsDifference: number; readonly nRows: number },
  gate: Gate,
  words: { readonly conclusions: readonly string[]; readonly usage: readonly string[] },
): Report {
  const { lineage } = card;
  const weights = card.bases.map(({ name, weight }) => `${name} ${weight.toFixed(2)}`).join(', ');
  return {
    title: card.name,
    subtitle: `${card.task} model of ${lineage.rows} rows, ${model.features.length + model.encoders.length} features`,
    facts: [
      ['Second level', `${card.stack} of ${weights}`],
      ['Calibrator', card.calibrator],
      ...(card.task === 'binary' ? [['Operating threshold', card.threshold.toFixed(4)] as const] : []),
      [
        'ONNX against TypeScript',
        `at most ${parity.maxAbsDifference.toExponential(1)} apart on ${parity.nRows} rows`,
      ],
    ],
    verdict: [`${gate.decision}: ${gate.reason}.`, ...words.conclusions].join(' '),
    gate,
    sections: assessments.map(({ title, note, evaluation }) => ({ title, note, evaluation })),
    comparison: gate.comparisons,
    importance: importanceOf(model),
    lineage: [
      ...lineage.sources.map(({ name, id }) => [name, id] as const),
      ['rows', String(lineage.rows)],
      ...(lineage.query === undefined ? [] : [['query', lineage.query] as const]),
      ...(lineage.asOf === undefined ? [] : [['as of', lineage.asOf] as const]),
      ['seed', String(card.seed)],
      ['toolkit', card.toolkitVersion],
      ['model.onnx SHA-256', card.sha256['model.onnx']],
    ],
    howToUse: words.usage,
  };
}

/** Each feature's share of the gain of all boosters that weigh in the stack, every booster counted alike. */
function importanceOf(model: ChampionModel): FeatureImportance[] {
  const shares = new Map<string, number>();
  model.bases.forEach(({ model: base }, b) => {
    if (base.kind !== 'gradient-boosting' || model.stack.weights[b] === 0) return;
    const total = base.gains.reduce((sum, gain) => sum + gain, 0) || 1;
    base.featureNames.forEach((feature, j) => {
      shares.set(feature, (shares.get(feature) ?? 0) + base.gains[j] / total);
    });
  });
  const all = [...shares.values()].reduce((sum, share) => sum + share, 0) || 1;
  return [...shares].map(([feature, share]) => ({ feature, gain: share / all }));
}
