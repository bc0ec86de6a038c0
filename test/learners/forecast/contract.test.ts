import { drift } from '../../../src/learners/forecast/drift.js';
import { naive } from '../../../src/learners/forecast/naive.js';
import { seasonalNaive } from '../../../src/learners/forecast/seasonal-naive.js';
import { ses } from '../../../src/learners/forecast/ses.js';
import { autoTheta, theta } from '../../../src/learners/forecast/theta.js';
import { forecasterContract } from './forecaster-contract.js';

forecasterContract({ name: 'naive', make: naive });
forecasterContract({ name: 'drift', make: drift });
forecasterContract({ name: 'seasonal naive', make: () => seasonalNaive({ period: 7 }) });
forecasterContract({ name: 'seasonal naive of a long period', make: () => seasonalNaive({ period: 365 }) });
// Where the sum of squares is flat, its last bit moves alpha.
forecasterContract({ name: 'simple exponential smoothing', make: ses, tolerance: 1e-6 });

for (const variant of ['standard', 'optimised', 'dynamic-standard', 'dynamic-optimised'] as const) {
  forecasterContract({
    name: `theta, ${variant}`,
    make: () => theta({ period: 1, variant }),
    tolerance: 1e-5,
  });
}
forecasterContract({
  name: 'theta with a season',
  make: () => autoTheta({ period: 7 }),
  tolerance: 1e-5,
  skip: [{ reason: 'the season is multiplicative', checks: ['shift equivariance'] }],
});
