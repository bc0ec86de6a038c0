// The text classifier beside scikit-learn, fastText and VADER on public sets:
//   BENCH_TEXT=FOLDER PYTHON=… node bench/text/run.js [--rounds 3] [--write] [SET …]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSets } from './sets.js';
import { compareScores, median } from './statistics.js';

const here = dirname(fileURLToPath(import.meta.url));
const python = process.env.PYTHON ?? 'python3';
const folder = process.env.BENCH_TEXT ?? '';
const args = process.argv.slice(2);
const write = args.includes('--write');
const roundsAt = args.indexOf('--rounds');
const rounds = roundsAt < 0 ? 3 : Number(args[roundsAt + 1]);
const names = args.filter((arg, i) => !arg.startsWith('--') && (roundsAt < 0 || i !== roundsAt + 1));
if (folder === '') {
  console.error('BENCH_TEXT must name the folder that holds the text sets (bench/text/README.md)');
  process.exit(2);
}

const oneThread = {
  ...process.env,
  OMP_NUM_THREADS: '1',
  OPENBLAS_NUM_THREADS: '1',
  UV_THREADPOOL_SIZE: '1',
};
const call = (program, ...rest) =>
  execFileSync(program, rest, { stdio: ['ignore', 'ignore', 'inherit'], env: oneThread });
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
const peers = {
  words: 'scikit-learn, words 1-2',
  characters: 'scikit-learn, words 1-2 + characters 3-5',
  fasttext: 'fastText',
  vader: 'VADER',
};
const quality = [];
const cost = [];
for (const set of readSets(folder, names)) {
  const out = mkdtempSync(join(tmpdir(), 'kol-text-'));
  const setFile = join(out, 'set.json');
  writeFileSync(setFile, JSON.stringify(set));
  const withVader = set.name !== 'uit-vsfc' && set.name !== 'sms-spam';
  const engines = ['chosen', 'given', 'words', 'characters', 'fasttext', ...(withVader ? ['vader'] : [])];
  const results = Object.fromEntries(engines.map((engine) => [engine, []]));
  const model = join(out, 'model.onnx');
  for (let round = 0; round < rounds; round++) {
    for (const engine of engines) {
      if (engine === 'vader' && round > 0) continue;
      const file = join(out, `${engine}.json`);
      const own = engine === 'chosen' || engine === 'given';
      if (own) {
        const score = engine === 'chosen' && round === 0 ? ['score'] : [];
        call(process.execPath, join(here, 'ours.js'), setFile, file, model, engine, ...score);
      } else call(python, join(here, 'peers.py'), engine, setFile, file);
      results[engine].push(read(file));
    }
    process.stderr.write(`${set.name}: round ${round + 1} of ${rounds}\n`);
  }
  const ours = results.chosen[0];
  call(python, join(here, 'peers.py'), 'onnx', join(out, 'chosen.texts.json'), join(out, 'onnx.json'), model);
  const onnx = read(join(out, 'onnx.json'));
  const k = set.classes.length;
  for (const engine of engines.filter((name) => name in peers)) {
    const scores = compareScores(set.test.y, ours.prediction, results[engine][0].prediction, k);
    quality.push([
      `${set.name} (${set.train.y.length} → ${set.test.y.length}, ${k} classes)`,
      peers[engine],
      ...scores,
    ]);
  }
  const time = (engine, key) => median(results[engine].map((result) => result[key]));
  const ratio = (a, b) =>
    median(results[a].map((result, round) => result.cpu / results[b][round].cpu)).toFixed(2);
  cost.push([
    set.name,
    ...['chosen', 'given', 'words', 'characters', 'fasttext'].map(
      (engine) => `${time(engine, 'seconds').toFixed(2)} (${time(engine, 'cpu').toFixed(2)})`,
    ),
    ratio('chosen', 'words'),
    ratio('chosen', 'characters'),
    ratio('given', 'characters'),
    `${(ours.bytes / 1e6).toFixed(1)} / ${(results.characters[0].bytes / 1e6).toFixed(1)} / ${(results.fasttext[0].bytes / 1e6).toFixed(0)}`,
    Math.round(ours.twinTextsPerSecond),
    Math.round(ours.nodeTextsPerSecond),
    Math.round(onnx.textsPerSecond),
    `${ours.nodeWorst.toExponential(1)} / ${onnx.worst.toExponential(1)} (${ours.nTexts})`,
  ]);
}

const table = (header, rows) =>
  [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const text = [
  table(
    [
      'set (train → test)',
      'peer',
      'accuracy ours',
      'peer',
      'difference',
      'macro-F1 ours',
      'peer',
      'difference',
      'ours is',
    ],
    quality,
  ),
  'Brackets: 95 % intervals from 2,000 bootstrap samples of the test rows, paired for the differences.',
  table(
    [
      'set',
      'ours',
      'ours, penalty given',
      'words',
      'words + characters',
      'fastText',
      'ours ÷ words',
      'ours ÷ words + characters',
      'penalty given ÷ words + characters',
      'MB ours / scikit-learn / fastText',
      'texts/s JavaScript',
      'texts/s Node',
      'texts/s Python',
      'largest difference Node / Python (texts)',
    ],
    cost,
  ),
  `Seconds of the fit, medians of ${rounds} interleaved rounds, wall time (processor time), one thread; the ratios are medians of ratios of processor time, which other work on the machine disturbs less.`,
].join('\n\n');
console.log(text);
if (write) {
  const path = join(here, '../../docs/benchmarks.md');
  const [begin, end] = [
    '<!-- bench-text: written by bench/text/run.js --write, not by hand -->',
    '<!-- end of bench-text -->',
  ];
  const document = readFileSync(path, 'utf8');
  const [before, after] = [document.split(begin)[0], document.split(end)[1]];
  if (after === undefined) throw new Error(`${path} has no section between ${begin} and ${end}`);
  writeFileSync(path, `${before}${begin}\n${text}\n${end}${after}`);
}
