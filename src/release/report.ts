import type { Assessment } from '../champion/assess.js';
import type { ChampionModel } from '../champion/model.js';
import type { Gate } from '../evaluation/gate/gate.js';
import { formatNumber } from '../evaluation/format-number.js';
import type { FeatureImportance, Report, ReportSource } from '../evaluation/report.js';
import type { Lineage } from '../core/lineage.js';
import type { ModelCard } from './card.js';
import { cardSections } from './model-card-text.js';

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
    subtitle: `${card.task} model of ${formatNumber(lineage.rows)} rows, ${model.features.length + model.encoders.length} features`,
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
    parts: card.parts,
    card: cardSections(card),
    sources: reportSources(lineage),
    lineage: lineagePairs(card),
    reproduce: reproduceLines(card),
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

/** The pinned tables or files of a training. */
export function reportSources({ sources }: Lineage): readonly ReportSource[] {
  return sources.map(({ name, id, rows, committedAt }) => ({
    name,
    id,
    rows: rows ?? null,
    committedAt: committedAt ?? null,
  }));
}

/** What was read, by whom, and what came of it. */
export function lineagePairs({
  lineage,
  seed,
  toolkitVersion,
  sha256,
}: Pick<ModelCard, 'lineage' | 'seed' | 'toolkitVersion' | 'sha256'>): Report['lineage'] {
  const { rows, digest, asOf, query, queryHash } = lineage;
  return [
    ['Rows read', formatNumber(rows)],
    ['SHA-256 of the rows', digest],
    ...(asOf === undefined ? [] : [['Known as of', asOf] as const]),
    ...(queryHash === undefined ? [] : [['SHA-256 of the statement', queryHash] as const]),
    ...(query === undefined ? [] : [['Statement', query] as const]),
    ['Seed', String(seed)],
    ['Toolkit', `kol-trainer ${toolkitVersion}`],
    ['SHA-256 of model.onnx', sha256['model.onnx']],
  ];
}

/** One command, and what it has to give. */
export function reproduceLines({
  command,
  sha256,
  toolkitVersion,
}: Pick<ModelCard, 'command' | 'sha256' | 'toolkitVersion'>): readonly string[] {
  return [command, `# kol-trainer ${toolkitVersion}; model.onnx then has SHA-256 ${sha256['model.onnx']}`];
}
