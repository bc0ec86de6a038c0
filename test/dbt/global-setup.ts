import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resetServices, servicesState, startService } from '../../infra/services/services.js';
import { serviceSettings } from '../../infra/services/settings.js';

/**
 * Starts Trino and what it needs in a folder of their own, and removes them at the end. Where KOL_SERVICES_DIR names a
 * stack in which Trino runs, that one is used and left as it is; its kol_silver and kol_gold are replaced.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  if (!process.env['KOL_SERVICES_DIR']) {
    process.env['KOL_SERVICES_DIR'] = mkdtempSync(join(tmpdir(), 'kol-dbt-services-'));
    process.env['KOL_PORT_OFFSET'] ||= '25500';
  }
  const settings = serviceSettings();
  const before = await servicesState({ settings });
  try {
    Object.assign(process.env, (await startService('trino', { settings, say })).environment);
  } catch (error) {
    if (before.every(({ state }) => state === 'down')) await resetServices({ settings });
    throw error;
  }
  const ran = before.some(({ name, state }) => name === 'trino' && state === 'ready');
  return ran ? undefined : () => resetServices({ settings });
}
