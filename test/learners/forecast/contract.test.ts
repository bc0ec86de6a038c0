import { croston } from '../../../src/learners/forecast/croston.js';
import { drift } from '../../../src/learners/forecast/drift.js';
import { autoEts, ets } from '../../../src/learners/forecast/ets.js';
import { mstl } from '../../../src/learners/forecast/mstl.js';
import { naive } from '../../../src/learners/forecast/naive.js';
import { seasonalNaive } from '../../../src/learners/forecast/seasonal-naive.js';
import { ses } from '../../../src/learners/forecast/ses.js';
import { autoTheta, theta } from '../../../src/learners/forecast/theta.js';
import { tsb } from '../../../src/learners/forecast/tsb.js';
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

const relative = 'forms of relative errors are candidates';
for (const period of [1, 7, 12]) {
  forecasterContract({
    name: `exponential smoothing, period ${period}`,
    make: () => autoEts({ period }),
    tolerance: 1e-6,
    skip: [{ reason: relative, checks: ['shift equivariance'] }],
  });
}

forecasterContract({
  name: 'exponential smoothing of one form',
  make: () => ets({ period: 7, trend: 'Ad', season: 'A' }),
  tolerance: 1e-6,
});

for (const trendForecaster of ['ses', 'theta', 'ets'] as const) {
  for (const robust of [false, true]) {
    forecasterContract({
      name: `multiple seasons${robust ? ', robust' : ''}, the rest by ${trendForecaster}`,
      make: () => mstl({ periods: [7, 30], robust, trendForecaster }),
      tolerance: 1e-5,
      ...(trendForecaster === 'ets' && { skip: [{ reason: relative, checks: ['shift equivariance'] }] }),
    });
  }
}

const events = 'zero stands for no event';
forecasterContract({
  name: 'croston',
  make: croston,
  skip: [{ reason: events, checks: ['shift equivariance'] }],
});
forecasterContract({
  name: 'croston, optimised',
  make: () => croston({ variant: 'optimised' }),
  tolerance: 1e-6,
  skip: [{ reason: events, checks: ['shift equivariance'] }],
});
forecasterContract({
  name: 'croston, sba',
  make: () => croston({ variant: 'sba' }),
  skip: [
    { reason: events, checks: ['shift equivariance'] },
    { reason: 'five per cent are taken off', checks: ['one value', 'constant series'] },
  ],
});
forecasterContract({
  name: 'tsb',
  make: tsb,
  tolerance: 1e-6,
  skip: [{ reason: events, checks: ['shift equivariance'] }],
});
