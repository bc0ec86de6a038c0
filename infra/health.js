// Asks every service of the platform something that only a working one can answer, and says what is down.
//   node infra/health.js                       all, on the ports that the platform publishes here
//   node infra/health.js redis=host:6380 …     only those named, elsewhere
import { askings } from './askings.js';

const patience = Number(process.env.HEALTH_TIMEOUT ?? 10) * 1000;
const named = process.argv.slice(2).map((word) => word.split('='));
const unknown = named.filter(([name]) => !askings.some((asking) => asking.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `there is no service ${unknown[0][0]}; there are ${askings.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(2);
}

const chosen =
  named.length === 0 ? askings : askings.filter(({ name }) => named.some(([other]) => other === name));
const findings = await Promise.all(chosen.map(find));
for (const { name, address, wrong } of findings) {
  process.stdout.write(`${name.padEnd(15)} ${address.padEnd(18)} ${wrong ?? 'answers'}\n`);
}
const down = findings.filter(({ wrong }) => wrong !== null).map(({ name }) => name);
if (down.length > 0) {
  process.stdout.write(
    `\n${down.length} of ${findings.length} down: ${down.join(', ')}. make up-base starts them; ` +
      `docker compose -p kol-base logs ${down[0]} says more\n`,
  );
  process.exit(1);
}

async function find({ name, port, ask }) {
  const address = named.find(([other]) => other === name)?.[1] ?? `127.0.0.1:${port}`;
  const colon = address.lastIndexOf(':');
  const wrong = await ask(address.slice(0, colon), Number(address.slice(colon + 1)), patience);
  return { name, address, wrong };
}
