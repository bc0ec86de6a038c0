import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resetServices, serviceNames, servicesState, startServices } from '../../infra/services/services.js';
import { serviceSettings } from '../../infra/services/settings.js';

/**
 * Starts the services in a folder of their own, beside the documented ports, and removes them at the end. Where
 * KOL_SERVICES_DIR names a stack that runs, the suites use that one and leave it as it is.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  if (!process.env['KOL_SERVICES_DIR']) {
    process.env['KOL_SERVICES_DIR'] = mkdtempSync(join(tmpdir(), 'kol-services-'));
    process.env['KOL_PORT_OFFSET'] ||= '30000';
  }
  const settings = serviceSettings();
  const running = (await servicesState({ settings })).filter(({ state }) => state !== 'down').length;
  try {
    // Suites and the programs that they start read these.
    Object.assign(process.env, (await startServices({ settings, say })).environment);
  } catch (error) {
    if (running === 0) await resetServices({ settings });
    throw error;
  }
  return running === serviceNames.length ? undefined : () => resetServices({ settings });
}
