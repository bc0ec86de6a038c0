import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installTool } from './install.js';
import { runProgram } from './run-program.js';

const version = '3.17.2';
const requirements = new URL('requirements-mlflow.txt', import.meta.url);

/** The tracking server and model registry, with PostgreSQL and MinIO behind it. */
export const mlflow = {
  name: 'mlflow',
  version,
  ports: ['mlflow'],
  needs: ['postgres', 'minio'],
  stopSignal: 'SIGTERM',
  startSeconds: 180,

  async install(settings, say) {
    const recipe = readFileSync(requirements, 'utf8');
    const work = async (scratch) => {
      const hint = { install: 'apt-get install python3-venv, or brew install python' };
      await runProgram(settings.programs.python, ['-m', 'venv', scratch], hint);
      const flags = ['--quiet', '--disable-pip-version-check', '-r', requirements.pathname];
      await runProgram(join(scratch, 'bin', 'python'), ['-m', 'pip', 'install', ...flags]);
    };
    return { server: await installTool(settings, { name: 'mlflow', version, recipe, work }, say) };
  },

  async command({ host, ports, minio, postgres }, { server }, folder) {
    const login = [postgres.user, postgres.password].map(encodeURIComponent).join(':');
    return {
      program: join(server, 'bin', 'python'),
      args: [
        ...['-m', 'mlflow', 'server', '--host', host, '--port', String(ports.mlflow), '--workers', '1'],
        ...['--artifacts-destination', 's3://mlflow/artifacts'],
      ],
      env: {
        // The driver is named, as SQLAlchemy 2.1 takes plain postgresql:// for another one. Not an argument: ps shows those.
        MLFLOW_BACKEND_STORE_URI: `postgresql+psycopg2://${login}@${host}:${ports.postgres}/mlflow`,
        AWS_ACCESS_KEY_ID: minio.user,
        AWS_SECRET_ACCESS_KEY: minio.password,
        AWS_DEFAULT_REGION: 'us-east-1',
        MLFLOW_S3_ENDPOINT_URL: `http://${host}:${ports.minio}`,
        MLFLOW_DISABLE_TELEMETRY: 'true',
        // On, this costs eight more processes and 2 GB.
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
        PYTHONUNBUFFERED: '1',
      },
      cwd: folder,
    };
  },

  /** /health answers without the database: search what lies in it. */
  async probe({ host, ports }, _tools, signal) {
    const response = await fetch(`http://${host}:${ports.mlflow}/api/2.0/mlflow/experiments/search`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ max_results: 1 }),
      signal,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`experiments/search answers ${response.status} ${text.slice(0, 200)}`);
    if (!Array.isArray(JSON.parse(text).experiments))
      throw new Error('experiments/search names no experiment');
  },
};
