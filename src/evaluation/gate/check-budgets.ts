import { formatNumber } from '../format-number.js';
import { type Check, notApplicable } from './context.js';
import type { ServingFacts } from './subject.js';

const title = 'Budgets';

const budgets: Readonly<Record<keyof ServingFacts, { readonly label: string; readonly unit: string }>> = {
  p50Milliseconds: { label: 'Median time of one row', unit: 'ms' },
  p95Milliseconds: { label: '95 % of single rows within', unit: 'ms' },
  loadMilliseconds: { label: 'Time to load', unit: 'ms' },
  fileMegabytes: { label: 'Size of the graph', unit: 'MB' },
  memoryMegabytes: { label: 'Memory to load', unit: 'MB' },
};

/** Whether serving the model costs no more than it may. */
export const budgetsCheck: Check = {
  code: 'budgets',
  title,
  run({ subject: { serving }, policy }) {
    if (serving === undefined) return [notApplicable('budgets', title, 'nothing was measured')];
    return Object.entries(budgets).map(([name, { label, unit }]) => {
      const value = serving[name as keyof ServingFacts];
      const most = policy.budgets[name as keyof ServingFacts];
      const pass = value <= most;
      return {
        code: `budgets/${name}`,
        title: label,
        value,
        threshold: most,
        verdict: pass ? 'pass' : 'fail',
        evidence: { unit },
        words: pass
          ? `${label.toLowerCase()}: ${formatNumber(value)} ${unit}`
          : `too costly to serve: ${label.toLowerCase()} ${formatNumber(value)} ${unit}, ${formatNumber(most)} ${unit} is allowed`,
      };
    });
  },
};
