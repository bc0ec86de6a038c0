import { fileURLToPath } from 'node:url';

/** Where the package keeps the real labelled accounts that every sample lakehouse holds (Parquet). */
export const accountsFile = fileURLToPath(new URL('../../../data/trust-accounts.parquet', import.meta.url));
