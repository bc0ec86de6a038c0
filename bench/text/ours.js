// One fit of the text classifier in a process of its own: node ours.js SET.json OUT.json MODEL.onnx chosen|given [score]
import { readFileSync, writeFileSync } from 'node:fs';
import {
  createRng,
  exportTextClassifier,
  openSession,
  sanitizeText,
  textClassifier,
  textMargins,
} from 'kol-trainer';

const [setFile, outFile, modelFile, penalty, score] = process.argv.slice(2);
const { classes, train, test } = JSON.parse(readFileSync(setFile, 'utf8'));
const estimator = textClassifier({
  column: 'text',
  nClasses: classes.length,
  ...(penalty === 'given' && { l2Regularization: 0.25, logCountRatio: 0.5 }),
});
const rng = createRng(0);
await estimator.fit(train.texts.slice(0, 2000), train.y.slice(0, 2000), { rng });
const [began, used] = [performance.now(), process.cpuUsage()];
const model = await estimator.fit(train.texts, train.y, { rng });
const cpu = process.cpuUsage(used);
const seconds = (performance.now() - began) / 1000;
const margins = textMargins(model, test.texts);
const result = {
  seconds,
  cpu: (cpu.user + cpu.system) / 1e6,
  prediction: test.texts.map((_, i) =>
    margins.length === 1
      ? Number(margins[0][i] > 0)
      : margins.reduce((best, margin, k) => (margin[i] > margins[best][i] ? k : best), 0),
  ),
};
if (score !== undefined) {
  const bytes = exportTextClassifier(model);
  writeFileSync(modelFile, bytes);
  const hostile = [
    '',
    null,
    ' ',
    '\0',
    '\uD83D',
    'x\uDE00',
    '\u0001\u0002\u0003\u202E',
    '<b>&amp;</b>',
    'a'.repeat(1e6),
  ];
  hostile.push(
    'مرحبا بالعالم',
    'שלום',
    'สวัสดี',
    '你好！',
    'Nguye\u0302\u0303n',
    '😀👍🏽‍❤️',
    "''' ’ http:// #@!?.",
    'đẹp'.repeat(500),
  );
  const texts = [...test.texts, ...train.texts, ...hostile].map(sanitizeText);
  const expected = textMargins(model, texts);
  writeFileSync(
    outFile.replace('.json', '.texts.json'),
    JSON.stringify({ texts, expected: expected.map((m) => [...m]) }),
  );
  const session = await openSession(bytes);
  const batch = 100;
  let worst = 0;
  const start = performance.now();
  for (let at = 0; at < texts.length; at += batch) {
    const outputs = await session.run({ text: texts.slice(at, at + batch) });
    expected.forEach((margin, k) =>
      outputs[`margin_${k}`].forEach(
        (value, i) => (worst = Math.max(worst, Math.abs(value - margin[at + i]))),
      ),
    );
  }
  result.nodeTextsPerSecond = texts.length / ((performance.now() - start) / 1000);
  await session.close();
  const again = performance.now();
  textMargins(model, texts);
  Object.assign(result, {
    twinTextsPerSecond: texts.length / ((performance.now() - again) / 1000),
    nodeWorst: worst,
    nTexts: texts.length,
    bytes: bytes.length,
  });
}
writeFileSync(outFile, JSON.stringify(result));
