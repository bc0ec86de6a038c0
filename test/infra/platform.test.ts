import { describe, expect, it } from 'vitest';
import { composeFile, publishedPorts, read, template } from './files.js';

const makefile = read('infra/platform.mk');
const docs = read('docs/platform.md');
const askings = read('infra/askings.js');

const targets = (text: string): string[] => [...text.matchAll(/^([a-z-]+):.*## /gm)].map(([, name]) => name);

/** Words that the brief of the platform names: what scripts and notebooks rely on. */
const addresses: Readonly<Record<string, string>> = {
  MLFLOW_S3_ENDPOINT_URL: 'minio:9000',
  HIVE_METASTORE_URI: 'hive-metastore:9083',
  TRINO_URL: 'trino:8080',
  MLFLOW_TRACKING_URI: 'mlflow:5000',
  KAFKA_BOOTSTRAP_SERVERS: 'redpanda:9092',
  REDIS_URL: 'redis:6379',
  CASSANDRA_CONTACT_POINTS: 'cassandra:9042',
};

describe('addresses', () => {
  it.each(Object.entries(addresses))('%s names a service and its port', (variable, address) => {
    expect(template('base').get(variable)).toContain(address);
    expect(Object.keys(composeFile('base').services)).toContain(address.split(':')[0]);
  });

  it('are those that make health asks', () => {
    const asked = [...askings.matchAll(/name: '([\w-]+)',\s*port: (\d+)/g)];
    const services = composeFile('base').services;
    expect(asked.map(([, name]) => name).sort()).toEqual(Object.keys(services).sort());
    expect(asked.filter(([, name, port]) => !publishedPorts(services[name]).includes(Number(port)))).toEqual(
      [],
    );
  });

  it('let MLflow be asked for by every name, with and without port', () => {
    const hosts = template('base').get('MLFLOW_SERVER_ALLOWED_HOSTS')?.split(',') ?? [];
    for (const host of ['mlflow', 'localhost', '127.0.0.1'])
      expect(hosts).toEqual(expect.arrayContaining([host, `${host}:5000`]));
  });
});

describe('the targets', () => {
  it('stand in the documentation', () => {
    expect(targets(makefile).filter((target) => !docs.includes(`\`make ${target}\``))).toEqual([]);
  });

  it('do not take the names of others', () => {
    const others = targets(read('Makefile'));
    expect(targets(makefile).filter((target) => others.includes(target))).toEqual([]);
  });

  it('run in the container under the names that they have here', () => {
    const inside = targets(read('infra/docker/trainer.mk')).filter((target) => target !== 'help');
    expect(inside).toEqual(['lake-load', 'train', 'train-trust', 'train-success']);
    expect(targets(read('Makefile'))).toEqual(expect.arrayContaining(inside));
  });
});

describe('the variables', () => {
  it('stand in the documentation', () => {
    const names = [...template('base').keys(), ...template('kol').keys()];
    expect(names.filter((name) => !docs.includes(`\`${name}\``))).toEqual([]);
  });

  it('are generated where they are secret', () => {
    const secrets = [...template('base')].filter(([name]) => /PASSWORD|SECRET/.test(name));
    expect(secrets.map(([name]) => name)).toHaveLength(3);
    for (const [, value] of secrets) expect(['<generated>', '${MINIO_ROOT_PASSWORD}']).toContain(value);
  });

  it('stay out of the repository and out of the image', () => {
    expect(read('.gitignore').split('\n')).toContain('.env.*');
    expect(
      read('.dockerignore')
        .split('\n')
        .filter((line) => line.startsWith('!.')),
    ).toEqual(['!.npmrc']);
  });
});
