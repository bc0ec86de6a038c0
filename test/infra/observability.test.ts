import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { read, repository } from './files.js';

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly expr: string }[];
}

const dashboard = JSON.parse(read('infra/observability/grafana/dashboards/kol.json')) as {
  readonly panels: readonly Panel[];
};
const rules = read('infra/observability/rules/kol.yml');
const docs = read('docs/observability.md');

/** What the Python client makes of one definition. */
const suffixes: Readonly<Record<string, readonly string[]>> = {
  Counter: [''],
  Gauge: [''],
  Histogram: ['_bucket', '_sum', '_count'],
};

/** Names that the API exports, read off its definitions. */
const ofTheApi = [
  ...read('infra/api/kol_api/metrics.py').matchAll(/(Counter|Gauge|Histogram)\(\s*"(\w+)"/g),
].flatMap(([, kind, name]) => suffixes[kind].map((suffix) => name + suffix));

/** Names that the toolkit's commands write. */
const ofTheTrainer = [...read('src/cli/metrics-files.ts').matchAll(/'(kol_[a-z_]+)'/g)].map(
  ([, name]) => name,
);

const java = read('infra/flink/src/main/java/kol/flink/scoring/ChampionMetrics.java');
const [, group] = /addGroup\("(\w+)"\)/.exec(java) ?? [];
/** Names that the Flink job exports: our gauges, and those of Flink itself that we ask for. */
const ofFlink = [
  ...[...java.matchAll(/\.gauge\("(\w+)"/g)].map(
    ([, name]) => `flink_taskmanager_job_task_operator_${group}_${name}`,
  ),
  'flink_taskmanager_job_task_numRecordsInPerSecond',
  'flink_jobmanager_job_numRestarts',
];

const known = new Set([...ofTheApi, ...ofTheTrainer, ...ofFlink, 'up', 'ALERTS']);
const namesIn = (expression: string): string[] =>
  [...expression.replace(/\{[^}]*\}/g, '').matchAll(/\b(?:kol|flink)_\w+/g)].map(([name]) => name);

describe('what is asked for', () => {
  it('is exported by somebody: the dashboard', () => {
    const asked = dashboard.panels.flatMap(({ targets = [] }) =>
      targets.flatMap(({ expr }) => namesIn(expr)),
    );
    expect(asked.length).toBeGreaterThan(15);
    expect(asked.filter((name) => !known.has(name))).toEqual([]);
  });

  it('is exported by somebody: the rules', () => {
    const asked = [...rules.matchAll(/expr: (?:\|\n)?((?:.|\n)*?)\n\s+(?:for|labels):/g)].flatMap(
      ([, expression]) => namesIn(expression),
    );
    expect(asked.length).toBeGreaterThan(12);
    expect(asked.filter((name) => !known.has(name))).toEqual([]);
  });

  it('is described, whoever exports it', () => {
    const names = [...ofTheApi.map((name) => name.replace(/_(bucket|sum|count)$/, '')), ...ofTheTrainer];
    expect([...new Set(names)].filter((name) => !docs.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('the dashboard', () => {
  it('asks the data source that is provisioned, in every panel', () => {
    expect(read('infra/observability/grafana/provisioning/datasources/prometheus.yml')).toContain(
      'uid: prometheus\n',
    );
    for (const { title, type, datasource, targets } of dashboard.panels) {
      if (type === 'row') continue;
      expect(datasource?.uid, title).toBe('prometheus');
      expect(targets?.length, title).toBeGreaterThan(0);
    }
  });

  it('shows no series of Flink twice: what the reporter leaves out is not asked for', () => {
    expect(read('infra/observability/flink-conf.yaml')).toContain('scope.variables.excludes: tm_id');
    expect(readdirSync(`${repository}infra/observability/grafana/dashboards`)).toEqual(['kol.json']);
  });
});

describe('every alert', () => {
  it('stands in the documentation', () => {
    const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
    expect(alerts.filter((name) => !docs.includes(`\`${name}\``))).toEqual([]);
  });
});
