import fc from 'fast-check';

// The same examples on every machine; FC_SEED=<n> explores others.
fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 20261123) });
