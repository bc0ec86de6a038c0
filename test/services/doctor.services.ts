import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { killService, startServices, type ServiceName } from '../../infra/services/services.js';
import type { Check } from '../../src/cli/doctor/check.js';
import { contractTables } from '../../src/cli/doctor/contract-tables.js';
import { kol, type Outcome } from '../cli/kol.js';
import { scratchFolder } from '../sources/scratch.js';

const folder = scratchFolder();

/** What `make services-up` tells a shell. */
const environment = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) =>
    /^(TRINO|MLFLOW|AWS)_/.test(name) && value !== undefined ? [[name, value] as const] : [],
  ),
);

async function doctor(
  more: Readonly<Record<string, string>> = {},
): Promise<{ outcome: Outcome; checks: Map<string, Check> }> {
  const outcome = await kol(folder, ['doctor', '--json'], { environment: { ...environment, ...more } });
  const checks = JSON.parse(outcome.stdout) as Check[];
  return { outcome, checks: new Map(checks.map((check) => [`${check.service} ${check.name}`, check])) };
}

const failures = (checks: Map<string, Check>): string[] =>
  [...checks].filter(([, { state }]) => state === 'failed').map(([name]) => name);

describe('kol doctor before the services', () => {
  beforeAll(async () => {
    await kol(folder, ['sample', '--kols', '20', '--lakehouse', 'sample']);
    const loaded = await kol(folder, ['load', '--lakehouse', 'sample'], { environment });
    expect(loaded.code, loaded.stderr).toBe(0);
  });

  it('finds all of them well, and a snapshot of every table', async () => {
    const { outcome, checks } = await doctor();
    expect(outcome.code, outcome.stdout).toBe(0);
    expect(checks.get('trino login')?.detail).toMatch(/^Trino \d+ as user kol$/);
    for (const table of contractTables.keys())
      expect(checks.get(`trino ${table}`)?.detail, table).toMatch(/^[\d,]+ rows on 2\S+ \S+, snapshot \d+$/);
    expect(checks.get('mlflow version')?.detail).toMatch(/^MLflow 3\./);
    for (const name of ['mlflow experiments', 'mlflow artifacts', 's3 buckets'])
      expect(checks.get(name)?.state, name).toBe('ok');
    expect(checks.get('s3 buckets')?.detail).toMatch(/\bgold\b.*\bsilver\b/);
    for (const [name, value] of Object.entries(environment))
      if (/SECRET|PASSWORD|TOKEN/.test(name)) expect(outcome.stdout).not.toContain(value);
  });

  it('names the catalogs that are there', async () => {
    const { outcome, checks } = await doctor({ TRINO_CATALOG: 'lake' });
    expect(outcome.code).toBe(2);
    expect(failures(checks)).toEqual(['trino catalog']);
    expect(checks.get('trino catalog')?.detail).toMatch(/there are .*iceberg.*tpch/);
  });

  it('says which half of a login of the object store is wrong', async () => {
    const wrongSecret = await doctor({ AWS_SECRET_ACCESS_KEY: 'not-this-one' });
    expect(wrongSecret.outcome.code).toBe(5);
    expect(failures(wrongSecret.checks)).toEqual(['s3 buckets']);
    expect(wrongSecret.checks.get('s3 buckets')?.mend).toBe('check AWS_SECRET_ACCESS_KEY');
    const wrongKey = await doctor({ AWS_ACCESS_KEY_ID: 'nobody' });
    expect(wrongKey.checks.get('s3 buckets')?.mend).toBe('check AWS_ACCESS_KEY_ID');
    const none = await doctor({ AWS_SECRET_ACCESS_KEY: '' });
    expect(none.outcome.code).toBe(0);
    expect(none.checks.get('s3 credentials')).toMatchObject({ state: 'warning' });
    expect(none.checks.has('s3 buckets')).toBe(false);
  });

  it('logs in over https, and says what is wrong with a login', async () => {
    const own = {
      TRINO_URL: process.env['KOL_TRINO_HTTPS_URL'] ?? '',
      TRINO_CA_FILE: process.env['KOL_TRINO_CA'] ?? '',
      TRINO_PASSWORD: process.env['KOL_TRINO_PASSWORD'] ?? '',
    };
    expect(own.TRINO_URL).toMatch(/^https:/);
    const well = await doctor(own);
    expect(well.outcome.code, well.outcome.stdout).toBe(0);
    const wrong = await doctor({ ...own, TRINO_PASSWORD: 'not-this-one' });
    expect(wrong.outcome.code).toBe(5);
    expect(wrong.checks.get('trino login')?.detail).toContain('does not accept the password');
    expect(wrong.outcome.stdout).not.toContain('not-this-one');
    const untrusted = await doctor({ ...own, TRINO_CA_FILE: '' });
    expect(failures(untrusted.checks)).toEqual(['trino login']);
    expect(untrusted.checks.get('trino login')?.mend).toContain('certificate');
    const plain = await doctor({ TRINO_PASSWORD: own.TRINO_PASSWORD });
    expect(plain.outcome.code).toBe(2);
  });
});

describe('kol doctor before services of which one was killed', () => {
  afterEach(async () => {
    await startServices();
  });

  it.each<[ServiceName, string, string]>([
    ['mlflow', 'mlflow health', 'start it'],
    ['trino', 'trino login', 'check that it runs'],
    ['minio', 's3 health', 'start it'],
    ['minio', 'mlflow artifacts', 'start MinIO'],
    ['postgres', 'mlflow experiments', 'start PostgreSQL'],
  ])('%s: %s fails, with what to do', async (service, check, mend) => {
    await killService(service);
    const { outcome, checks } = await doctor();
    expect(outcome.code, outcome.stdout).toBe(5);
    expect(failures(checks)).toContain(check);
    expect(checks.get(check)?.mend).toContain(mend);
  });
});
