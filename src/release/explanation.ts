import { explainChampion } from '../champion/explain.js';
import type { ChampionModel } from '../champion/model.js';
import { scoreChampion } from '../champion/predict.js';
import { Table } from '../core/table.js';
import type { ReportExplanation } from '../evaluation/report.js';

/** Rows that a report explains, features that it draws, rows and reasons that it lists. */
const explainedRows = 300;
const drawnFeatures = 12;
const listedRows = 6;
const listedReasons = 4;

/** What the margin of a champion is measured in. */
export function marginUnit(model: ChampionModel): string {
  if (model.task !== 'regression') return 'log-odds';
  return model.link === 'log' ? 'logarithm of the prediction' : 'prediction';
}

/**
 * Why rows spread evenly over the training table have their scores; undefined where a report has no single margin to
 * explain.
 */
export function explainForReport(
  model: ChampionModel,
  table: Table,
  keys: readonly string[],
): ReportExplanation | undefined {
  if (model.task === 'multiclass') return undefined;
  const nRows = Math.min(explainedRows, table.nRows);
  const chosen = Uint32Array.from({ length: nRows }, (_, i) => Math.floor((i * table.nRows) / nRows));
  const rows = Table.rows(table, chosen);
  const { parts } = explainChampion(model, rows);
  const { values: scores } = scoreChampion(model, rows);
  const strength = (contributions: Float64Array): number =>
    contributions.reduce((sum, value) => sum + Math.abs(value), 0);
  const strongest = parts
    .filter(({ contributions }) => strength(contributions) > 0)
    .sort((a, b) => strength(b.contributions) - strength(a.contributions))
    .slice(0, drawnFeatures);
  const described = new Map(model.features.map(({ name, description }) => [name, description]));
  // From the lowest score to the highest, so that reasons of both kinds are seen.
  const order = Array.from(chosen.keys()).sort((a, b) => scores[a] - scores[b]);
  const examples = Array.from(
    { length: Math.min(listedRows, nRows) },
    (_, k) => order[Math.floor((k * (nRows - 1)) / Math.max(1, Math.min(listedRows, nRows) - 1))],
  );
  return {
    unit: marginUnit(model),
    features: strongest.map(({ name, values, contributions }) => ({
      name,
      description: described.get(name) ?? name,
      values: Array.from(values, (value) => (Number.isFinite(value) ? short(value) : null)),
      contributions: Array.from(contributions, short),
    })),
    examples: examples.map((i) => ({
      key: keys[chosen[i]],
      score: scores[i],
      reasons: reasonsOf(parts, i, listedReasons).map((reason) => ({
        ...reason,
        ...(described.has(reason.name) && { description: described.get(reason.name)! }),
      })),
    })),
  };
}

/** The weightiest contributions to row `i`, weightiest first. */
export function reasonsOf(
  parts: ReturnType<typeof explainChampion>['parts'],
  i: number,
  limit: number,
): ReportExplanation['examples'][number]['reasons'] {
  return parts
    .map(({ name, values, contributions }) => ({
      name,
      value: Number.isFinite(values[i]) ? values[i] : null,
      contribution: contributions[i],
    }))
    .filter(({ contribution }) => contribution !== 0)
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
    .slice(0, limit);
}

/** As many digits as a drawing shows. */
function short(value: number): number {
  return Number(value.toPrecision(5));
}
