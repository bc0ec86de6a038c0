// The text sets, read from a folder that holds them as they are published: { name, classes, train, test }, each part
// { texts, y } with class indices. Where no split is given, a fifth is held out, drawn once from the distinct texts.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRng } from 'kol-trainer';

const linesOf = (path) => readFileSync(path, 'utf8').split('\n').filter(Boolean);

function given(name, train, test) {
  const classes = [...new Set(train.map(([, label]) => label))].sort();
  const part = (rows) => ({
    texts: rows.map(([text]) => text),
    y: rows.map(([, label]) => classes.indexOf(label)),
  });
  return { name, classes, train: part(train), test: part(test) };
}

function drawn(name, rows) {
  const distinct = [...new Map(rows.map((row) => [row[0], row])).values()];
  const rng = createRng(0);
  for (let i = distinct.length - 1; i > 0; i--) {
    const j = rng.integer(i + 1);
    [distinct[i], distinct[j]] = [distinct[j], distinct[i]];
  }
  const held = Math.floor(distinct.length / 5);
  return given(name, distinct.slice(held), distinct.slice(0, held));
}

/** Fields of a CSV file with quotes, line breaks inside them allowed. */
function csv(text) {
  const rows = [[]];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '') break;
    if (end !== ',') rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}

const lastTab = (line) => [line.slice(0, line.lastIndexOf('\t')), line.slice(line.lastIndexOf('\t') + 1)];

/** Snippets with a mean rating: positive or negative, those nearer to 0 than half a point left out. */
function rated(folder, name, file) {
  const rows = linesOf(join(folder, 'vader-icwsm2014', `${file}_GroundTruth.txt`)).map((line) =>
    line.split('\t'),
  );
  const polar = rows.filter(([, mean]) => Math.abs(Number(mean)) >= 0.5);
  return drawn(
    name,
    polar.map(([, mean, text]) => [text, Number(mean) > 0 ? 'positive' : 'negative']),
  );
}

const readers = {
  sst2: (folder) =>
    given(
      'sst2',
      ...['train', 'dev'].map((part) => linesOf(join(folder, 'sst2', `${part}.tsv`)).map(lastTab)),
    ),
  'uit-vsfc': (folder) =>
    given(
      'uit-vsfc',
      ...['train', 'dev'].map((part) => {
        const labels = linesOf(join(folder, 'uit-vsfc', part, 'sentiments.txt'));
        return linesOf(join(folder, 'uit-vsfc', part, 'sents.txt')).map((text, i) => [
          text,
          labels[i].trim(),
        ]);
      }),
    ),
  'us-airline': (folder) => {
    const [header, ...rows] = csv(
      readFileSync(join(folder, 'twitter-us-airline', 'TwitterUSAirlineSentiment.csv'), 'utf8'),
    );
    const [text, label] = [header.indexOf('text'), header.indexOf('airline_sentiment')];
    return drawn(
      'us-airline',
      rows.map((row) => [row[text], row[label]]),
    );
  },
  'sms-spam': (folder) =>
    drawn(
      'sms-spam',
      linesOf(join(folder, 'sms-spam', 'SMSSpamCollection.tsv'))
        .slice(1)
        .map((line) => line.replace(/\r$/, ''))
        .map((line) => [line.slice(line.indexOf('\t') + 1), line.slice(0, line.indexOf('\t'))]),
    ),
  'vader-tweets': (folder) => rated(folder, 'vader-tweets', 'tweets'),
  'vader-amazon': (folder) => rated(folder, 'vader-amazon', 'amazonReviewSnippets'),
  'vader-movie': (folder) => rated(folder, 'vader-movie', 'movieReviewSnippets'),
  'vader-nyt': (folder) => rated(folder, 'vader-nyt', 'nytEditorialSnippets'),
};

/** The sets asked for, all when none is. */
export function readSets(folder, names) {
  if (!existsSync(folder))
    throw new Error(`no folder ${folder}: BENCH_TEXT must name the one that holds the text sets`);
  const wanted = names.length === 0 ? Object.keys(readers) : names;
  return wanted.map((name) => {
    if (!Object.hasOwn(readers, name))
      throw new Error(`no set ${name}, only ${Object.keys(readers).join(', ')}`);
    return readers[name](folder);
  });
}
