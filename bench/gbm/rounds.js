// Interleaved rounds: ours and a peer side by side, so that a drifting machine moves both.
import { runCell } from './cell.js';
import { median } from './statistics.js';

/**
 * Every round runs, for each peer that still has rounds, ours and then the peer (odd rounds: the peer first).
 *
 * @param {object} context `{ options, log, timeout }`
 * @param {object} job common to all engines
 * @param {{ engine: string, rounds: number }[]} peers
 * @returns {Promise<{ ours: object[], peers: { engine: string, pairs: { ours: object, peer: object }[] }[] }>}
 */
export async function interleave(context, job, peers) {
  const runs = peers.map(({ engine }) => ({ engine, pairs: [] }));
  const ours = [];
  const longest = Math.max(...peers.map(({ rounds }) => rounds), 1);
  const own = async () => {
    const result = await runCell({ ...job, engine: 'ours' }, context);
    ours.push(result);
    return result;
  };
  for (let round = 0; round < longest; round++) {
    for (const [k, { engine, rounds }] of peers.entries()) {
      const { pairs } = runs[k];
      if (round >= rounds || pairs.at(-1)?.peer.failed !== undefined) continue;
      const pair = {};
      const theirs = async () => (pair.peer = await runCell({ ...job, engine }, context));
      if (round % 2 === 1) await theirs();
      pair.ours = await own();
      if (round % 2 === 0) await theirs();
      pairs.push(pair);
    }
    if (peers.length === 0) await own();
  }
  return { ours, peers: runs };
}

/** Ratios ours ÷ peer of the rounds in which both came through: `{ median, low, high, all }`, or undefined. */
export function ratios(pairs, value = (result) => result.seconds) {
  const all = pairs
    .filter(({ ours, peer }) => ours.failed === undefined && peer.failed === undefined)
    .map(({ ours, peer }) => value(ours) / value(peer));
  if (all.length === 0) return undefined;
  return { median: median(all), low: Math.min(...all), high: Math.max(...all), all };
}

export function peersOf(options, names = options.peers) {
  const main = ['lightgbm', 'xgboost'];
  return names.map((engine) => ({
    engine,
    rounds: main.includes(engine) ? options.rounds : options.otherRounds,
  }));
}
