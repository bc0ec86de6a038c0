import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { connectMlflow } from '../../src/registry/mlflow/connection.js';
import {
  expectSynced,
  freshName,
  mlflowUrl,
  openLocal,
  scratchFolder,
  send,
  settings,
  smallGraph,
} from './mlflow-session.js';

/** How many processes are killed; KOL_KILLS=200 is the long run. */
const kills = Number(process.env['KOL_KILLS'] ?? 20);

it(
  `loses and doubles nothing when ${kills} trainers and syncers are killed`,
  { timeout: 60_000 + kills * 30_000 },
  async () => {
    const folder = scratchFolder();
    const local = openLocal(folder);
    const name = freshName('killed');
    const graph = join(scratchFolder(), 'model.onnx');
    await writeFile(graph, smallGraph(1));
    const env = { ...process.env, KOL_STORE: folder, MLFLOW_TRACKING_URI: mlflowUrl };
    const programs = {
      trainer: ['test/services/processes/train-twice.mjs', folder, name, graph],
      syncer: ['dist/cli/main.js', 'sync'],
    };
    const ends: Record<string, number> = {};
    for (let i = 0; i < kills; i++) {
      const kind = i % 2 === 0 ? 'trainer' : 'syncer';
      const child = spawn(process.execPath, programs[kind], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      const ended = new Promise<string>((resolve) =>
        child.once('exit', (code, signal) => resolve(signal ?? `exit ${code}`)),
      );
      // From its first word on, so that most die at work and not while Node starts.
      const speaks = new Promise((resolve) => {
        child.stdout.once('data', resolve);
        child.stderr.once('data', resolve);
      });
      await Promise.race([speaks, ended]);
      await Promise.race([sleep(randomInt(kind === 'trainer' ? 500 : 2_500)), ended]);
      child.kill('SIGKILL');
      const end = `${kind} ${await ended}`;
      ends[end] = (ends[end] ?? 0) + 1;
    }
    const report = await send(local);
    expect(report).toMatchObject({ damaged: [], refused: [], held: [] });
    const mlflow = connectMlflow(settings());
    await expectSynced(local, mlflow);
    await mlflow.close();
    const { runs } = await local.runs.listRuns();
    const cut = runs.filter(({ status }) => status === 'running').length;
    process.stdout.write(
      `${JSON.stringify(ends)}; ${runs.length} runs (${cut} cut off), ${(await local.models.versions(name)).length} versions: each there once\n`,
    );
    expect(ends['trainer SIGKILL'] + ends['syncer SIGKILL']).toBeGreaterThan(kills / 2);
  },
);
