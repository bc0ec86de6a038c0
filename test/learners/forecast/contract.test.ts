import { drift } from '../../../src/learners/forecast/drift.js';
import { naive } from '../../../src/learners/forecast/naive.js';
import { seasonalNaive } from '../../../src/learners/forecast/seasonal-naive.js';
import { forecasterContract } from './forecaster-contract.js';

forecasterContract({ name: 'naive', make: naive });
forecasterContract({ name: 'drift', make: drift });
forecasterContract({ name: 'seasonal naive', make: () => seasonalNaive({ period: 7 }) });
forecasterContract({ name: 'seasonal naive of a long period', make: () => seasonalNaive({ period: 365 }) });
