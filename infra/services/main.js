// make services-up | services-down | services-status: the platform's services on this machine, without containers.
//   node infra/services/main.js up|down|reset [SERVICE…]
//   node infra/services/main.js status [--json]
import { isSecret } from './client-environment.js';
import { resetServices, serviceNames, servicesState, startServices, stopServices } from './services.js';
import { serviceSettings } from './settings.js';
import { stateTable } from './state-table.js';

const write = (text) => process.stdout.write(`${text}\n`);
const [verb, ...rest] = process.argv.slice(2);
const names = rest.filter((each) => !each.startsWith('-'));
const chosen = names.length > 0 ? { names } : {};

const verbs = {
  async up() {
    const { environment, file } = await startServices({ say: write, ...chosen });
    for (const [name, value] of Object.entries(environment))
      write(`  ${name}=${isSecret(name) ? '…' : value}`);
    write(`in your shell: . ${file}`);
  },
  async down() {
    await stopServices({ say: write, ...chosen });
  },
  async reset() {
    await resetServices();
    write(`removed ${serviceSettings().state}`);
  },
  async status() {
    const states = await servicesState();
    write(rest.includes('--json') ? JSON.stringify(states, null, 2) : stateTable(states));
    if (states.some(({ state }) => state !== 'ready')) process.exitCode = 1;
  },
};

try {
  if (!Object.hasOwn(verbs, verb))
    throw new Error(`usage: main.js ${Object.keys(verbs).join('|')} [${serviceNames.join(' ')}]`);
  await verbs[verb]();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
