import { approvalCheck } from './check-approval.js';
import { baselineCheck } from './check-baseline.js';
import { budgetsCheck } from './check-budgets.js';
import { calibrationCheck } from './check-calibration.js';
import { comparisonCheck } from './check-comparison.js';
import { contractCheck } from './check-contract.js';
import { driftCheck } from './check-drift.js';
import { floorCheck } from './check-floor.js';
import { leakageCheck } from './check-leakage.js';
import { lineageCheck } from './check-lineage.js';
import { parityCheck } from './check-parity.js';
import { slicesCheck } from './check-slices.js';
import type { Check } from './context.js';

/** Every check, in the order in which reasons are given. */
export const checks: readonly Check[] = Object.freeze([
  lineageCheck,
  contractCheck,
  parityCheck,
  leakageCheck,
  floorCheck,
  baselineCheck,
  comparisonCheck,
  slicesCheck,
  calibrationCheck,
  driftCheck,
  budgetsCheck,
  approvalCheck,
]);
