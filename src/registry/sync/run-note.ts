import type { RunRecord } from '../run-record.js';

/** A run in Markdown, for the top of its page in MLflow. */
export function runNote({ name, status, message, tags, datasets, artifacts, writer }: RunRecord): string {
  const { decision, reason } = tags;
  return [
    `# ${escaped(name)}`,
    ...(decision === undefined ? [] : [`**${escaped(decision)}**${reason ? `: ${escaped(reason)}` : ''}`]),
    ...(message === null ? [] : [`${status}: ${escaped(message)}`]),
    ...(datasets.length === 0
      ? []
      : [
          ['| read | as | state |', '|---|---|---|']
            .concat(
              datasets.map((set) => `| ${cell(set.name)} | ${cell(set.role)} | \`${cell(set.digest)}\` |`),
            )
            .join('\n'),
        ]),
    ...(artifacts.length === 0
      ? []
      : [
          ['| file | bytes | SHA-256 |', '|---|---:|---|']
            .concat(artifacts.map((file) => `| ${cell(file.path)} | ${file.size} | \`${file.sha256}\` |`))
            .join('\n'),
        ]),
    `Made by ${escaped(`${writer.user}@${writer.host}`)} with kol-trainer.`,
  ].join('\n\n');
}

/** Text that stays text in Markdown. */
export function escaped(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>#|]/g, String.raw`\$&`).replaceAll(/\s+/g, ' ');
}

const cell = (text: string): string => escaped(text).replaceAll('`', "'");
