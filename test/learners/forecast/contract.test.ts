import { drift } from '../../../src/learners/forecast/drift.js';
import { naive } from '../../../src/learners/forecast/naive.js';
import { seasonalNaive } from '../../../src/learners/forecast/seasonal-naive.js';
import { ses } from '../../../src/learners/forecast/ses.js';
import { forecasterContract } from './forecaster-contract.js';

forecasterContract({ name: 'naive', make: naive });
forecasterContract({ name: 'drift', make: drift });
forecasterContract({ name: 'seasonal naive', make: () => seasonalNaive({ period: 7 }) });
forecasterContract({ name: 'seasonal naive of a long period', make: () => seasonalNaive({ period: 365 }) });
// Where the sum of squares is flat, its last bit moves alpha.
forecasterContract({ name: 'simple exponential smoothing', make: ses, tolerance: 1e-6 });
