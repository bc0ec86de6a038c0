// Promotes version after version against the champion it last saw, many at a time, and prints how each attempt ended.
import { openModelRegistry } from '../../../dist/registry/model-registry.js';
import { openRunStore } from '../../../dist/registry/run-store.js';

const [folder, versions, rounds, atOnce] = process.argv.slice(2);
const registry = openModelRegistry(openRunStore(folder));
const outcomes = [];
for (let round = 0; round < Number(rounds); round++) {
  const { champion } = await registry.aliases('kol-trust');
  const attempts = Array.from({ length: Number(atOnce) }, async (_, i) => {
    const version = (((champion ?? 0) + i) % Number(versions)) + 1;
    if (version === champion) return;
    try {
      await registry.promote({
        name: 'kol-trust',
        version,
        expectedChampion: champion,
        why: `${process.pid}`,
      });
      outcomes.push({ from: champion, to: version, won: true });
    } catch (error) {
      outcomes.push({ from: champion, to: version, won: false, code: error.code, message: error.message });
    }
  });
  await Promise.all(attempts);
}
process.stdout.write(JSON.stringify(outcomes));
