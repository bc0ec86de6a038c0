import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  composeFile,
  composeText,
  publishedPorts,
  read,
  repository,
  services,
  stacks,
  template,
} from './files.js';

const manifest = JSON.parse(read('package.json')) as { version: string };
const docs = read('docs/platform.md');

const lines = (path: string): string[] =>
  read(path)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

describe.each(services)('$name of the $stack stack', ({ stack, name, service }) => {
  it('is pinned to a version', () => {
    const tag = /:([^/:]+)$/.exec(service.image)?.[1] ?? '';
    expect(tag).toMatch(/\d+\.\d+|\d{3}|RELEASE\.\d{4}/);
  });

  it('says whether it works, may not take the whole memory, and comes back', () => {
    expect(service.healthcheck?.test.length).toBeGreaterThan(1);
    expect(service.mem_limit).toMatch(/^\d+[mg]$|^\$\{KOL_TRAINER_MEMORY:\?/);
    expect(service.restart).toBe('unless-stopped');
  });

  it('publishes ports on the address of .env.base alone', () => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^\$\{BIND_ADDRESS:-127\.0\.0\.1\}:/);
  });

  it('keeps data on declared volumes and mounts files that exist', () => {
    const declared = Object.keys(composeFile(stack).volumes);
    for (const volume of service.volumes ?? []) {
      const source = volume.split(':')[0];
      if (source.startsWith('./')) expect(existsSync(`${repository}infra/${source}`)).toBe(true);
      else expect(declared).toContain(source);
    }
  });

  it('stands in the documentation with its ports', () => {
    const row = docs.split('\n').find((line) => line.startsWith(`| ${name} |`));
    for (const port of publishedPorts(service)) expect(row).toContain(String(port));
    expect(row).toBeDefined();
  });
});

describe('the Compose files', () => {
  it.each(stacks)('read only variables that make init writes: %s', (stack) => {
    const known = stack === 'base' ? template('base') : new Map([...template('base'), ...template('kol')]);
    const used = [...composeText(stack).matchAll(/(?<!\$)\$\{(\w+)/g)].map(([, name]) => name);
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((name) => !known.has(name))).toEqual([]);
  });

  it.each(stacks)('hold no secret: %s', (stack) => {
    const settings = [...composeText(stack).matchAll(/^\s*\w*(?:PASSWORD|SECRET)\w*: (.*)$/gm)];
    expect(settings.filter(([, value]) => !/^\$\{\w+:\?run make init\}$/.test(value))).toEqual([]);
  });

  it('share one network that neither of them owns', () => {
    for (const stack of stacks) expect(composeFile(stack).networks.platform.external).toBe(true);
  });

  it('build the version of the package', () => {
    expect(composeFile('kol').services['kol-trainer'].image).toBe(`kol-trainer:${manifest.version}`);
  });

  it.runIf(existsSync(`${repository}infra/services/settings.js`))(
    'publish what make services-up listens on',
    () => {
      const settings = read('infra/services/settings.js');
      const ports = [...settings.matchAll(/\['KOL_\w+_PORT', (\d+)\]/g)].map(([, port]) => Number(port));
      expect(ports.length).toBeGreaterThan(4);
      const published = services.flatMap(({ service }) => publishedPorts(service));
      for (const port of [9000, 5432, 9083, 8080, 5000])
        expect(ports.filter((p) => published.includes(p))).toContain(port);
    },
  );

  it('publish each port once', () => {
    const ports = services.flatMap(({ service }) => publishedPorts(service));
    expect(new Set(ports).size).toBe(ports.length);
  });
});

describe('what the services are filled with', () => {
  it('has the buckets that schemas, metastore and MLflow write to', () => {
    const buckets = lines('infra/minio/buckets.txt');
    expect(buckets).toEqual(['bronze', 'silver', 'gold', 'mlflow', 'lakehouse', 'dbt']);
    const writers = [
      'infra/trino/schemas.sql',
      'infra/hive-metastore/metastore-site.xml',
      'infra/mlflow/start.sh',
    ];
    const written = writers.flatMap((path) =>
      [...read(path).matchAll(/s3a?:\/\/(\w+)\//g)].map(([, name]) => name),
    );
    expect(written.length).toBe(4);
    expect(written.filter((bucket) => !buckets.includes(bucket))).toEqual([]);
  });

  it('has the databases that metastore and MLflow connect to', () => {
    const sql = read('infra/postgres/databases.sql');
    expect(read('infra/hive-metastore/metastore-site.xml')).toContain('/metastore</value>');
    expect(read('infra/mlflow/start.sh')).toContain('/mlflow}');
    for (const database of ['metastore', 'mlflow']) expect(sql).toContain(`CREATE DATABASE ${database}'`);
  });

  it('has topics with partitions', () => {
    const topics = lines('infra/redpanda/topics.txt').map((line) => line.split(/\s+/));
    expect(topics.map(([topic]) => topic)).toContain('metrics.kol.windowed');
    expect(topics.filter(([, partitions]) => !(Number(partitions) > 0))).toEqual([]);
  });

  it('gives Trino and the metastore every variable that their configuration reads', () => {
    const { trino, 'hive-metastore': metastore } = composeFile('base').services;
    const catalogs = ['iceberg', 'postgres']
      .map((name) => read(`infra/trino/catalog/${name}.properties`))
      .join('');
    const forTrino = [...catalogs.matchAll(/\$\{ENV:(\w+)\}/g)].map(([, name]) => name);
    expect(forTrino.filter((name) => trino.environment?.[name] === undefined)).toEqual([]);
    const site = read('infra/hive-metastore/metastore-site.xml');
    const forMetastore = [...site.matchAll(/\$\{env\.(\w+)\}/g)]
      .map(([, name]) => name)
      .filter((n) => n !== 'NAME');
    expect(forMetastore.length).toBeGreaterThan(3);
    expect(forMetastore.filter((name) => metastore.environment?.[name] === undefined)).toEqual([]);
  });
});
