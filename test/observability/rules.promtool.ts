import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { findPromtool } from '../../infra/observability/promtool.js';
import { csv, kol, tableHeader, tableRows } from '../cli/kol.js';
import { scratchFolder } from '../sources/scratch.js';

const observability = fileURLToPath(new URL('../../infra/observability/', import.meta.url));
const folder = scratchFolder();
let program = '';

/** What promtool says, and whether it is content. */
function promtool(args: readonly string[], input = ''): Promise<{ content: boolean; said: string }> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { cwd: observability }, (error, stdout, stderr) =>
      resolve({ content: error === null, said: stdout + stderr }),
    );
    child.stdin?.end(input);
  });
}

beforeAll(async () => {
  program = await findPromtool((line) => process.stdout.write(`${line}\n`));
});

describe('the alert rules', () => {
  it('are rules, and the configuration that names them is one', async () => {
    const rules = await promtool(['check', 'rules', 'rules/kol.yml']);
    expect(rules.content, rules.said).toBe(true);
    const config = await promtool(['check', 'config', 'prometheus.yml']);
    expect(config.content, config.said).toBe(true);
  });

  it('fire where they must, and are silent where they must', async () => {
    const { content, said } = await promtool(['test', 'rules', 'rules/kol.test.yml']);
    expect(content, said).toBe(true);
  });

  it('are all tested, both ways', () => {
    const rules = readFileSync(join(observability, 'rules/kol.yml'), 'utf8');
    const tests = readFileSync(join(observability, 'rules/kol.test.yml'), 'utf8');
    const silent = [...tests.matchAll(/alertname: (\w+), exp_alerts: \[\]/g)].map(([, name]) => name);
    const firing = [...tests.matchAll(/alertname: (\w+)\n\s+exp_alerts:\n\s+- exp_labels/g)].map(
      ([, name]) => name,
    );
    const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name]) => name).sort();
    expect(alerts.length).toBeGreaterThan(10);
    expect(silent.sort()).toEqual(alerts);
    expect(firing.sort()).toEqual(alerts);
  });

  it('that are bent are found out by the tests', async () => {
    const bent = readFileSync(join(observability, 'rules/kol.yml'), 'utf8').replace('> 0.05', '> 0.5');
    const file = join(folder, 'kol.yml');
    writeFileSync(file, bent);
    writeFileSync(
      join(folder, 'kol.test.yml'),
      readFileSync(join(observability, 'rules/kol.test.yml'), 'utf8'),
    );
    const { content, said } = await promtool(['test', 'rules', join(folder, 'kol.test.yml')]);
    expect(content).toBe(false);
    expect(said).toContain('KolApiErrors');
  });
});

describe('what kol drift leaves for Prometheus', () => {
  it('is read by Prometheus, and tells verdicts, measures and rules', async () => {
    writeFileSync(join(folder, 'rows.csv'), csv(tableHeader, tableRows(800)));
    const unused = ['--drop', 'words,team,day,w,size,tier'];
    const training = ['train', 'table', '--input', 'rows.csv', '--target', 'label', '--folds', '2'];
    const trained = await kol(folder, [...training, '--out', 'release', ...unused]);
    expect(trained.code, trained.stderr).toBe(0);
    const days = Array.from({ length: 60 }, (_, day) => new Date(Date.UTC(2026, 8, 1 + day)).toISOString());
    const activity = days.flatMap((day, i) =>
      ['calm', 'bought', 'left'].map((id) => [
        id,
        day.slice(0, 10),
        String(id === 'bought' && i > 55 ? 90_000 : 10_000 + i),
        id === 'left' && i > 50 ? '5000' : '100',
        '50',
        '200',
      ]),
    );
    writeFileSync(
      join(folder, 'daily.csv'),
      csv('kol_id,date,followers_count,actual,yhat_lower,yhat_upper', activity),
    );
    const drift = ['drift', '--model', 'release', '--input', 'rows.csv', '--activity', 'daily.csv', '--json'];
    const { code, stderr } = await kol(folder, drift, { environment: { KOL_METRICS_DIR: 'metrics' } });
    expect([0, 4], stderr).toContain(code);
    const [name] = readdirSync(join(folder, 'metrics'));
    expect(name).toBe('kol_drift_rows.prom');
    const text = readFileSync(join(folder, 'metrics', name), 'utf8');
    expect(text).toContain('kol_rule_departures{model="rows",rule="follower-spike"} 1\n');
    expect(text).toContain('kol_rule_departures{model="rows",rule="forecast-gap"} 1\n');
    expect(text).toContain('kol_rule_judged{model="rows",rule="forecast-gap"} 3\n');
    expect(text).toContain('kol_drift_verdict{model="rows"} 2\n');
    expect(text).toMatch(/^kol_drift_psi\{model="rows",column="\w+",role="score"\} [\d.e-]+$/m);
    const checked = await promtool(['check', 'metrics'], text);
    expect(checked.content, checked.said).toBe(true);
  });
});
