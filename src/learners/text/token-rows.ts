import { sanitizeText } from '../../core/sanitize-text.js';
import type { TfidfAnalyzer } from './model.js';
import { growingList } from './growing-list.js';
import { scanTokens } from './token-scanner.js';
import { createTokenTable, type TokenTable } from './token-table.js';

/** Texts as numbers of tokens. */
export interface TokenRows {
  readonly nRows: number;
  /** `[nRows + 1]` */
  readonly rowStart: Int32Array;
  /** Token of every occurrence, row by row. */
  readonly token: Int32Array;
  readonly table: TokenTable;
}

/** What two analyzers must agree in to share their tokens. */
export function tokenKey({ tokens = 'words', maxLength }: TfidfAnalyzer): string {
  return `${tokens} ${maxLength}`;
}

/** Cuts texts into the tokens of an analyzer, each text read once. */
export function tokenRows(
  texts: readonly (string | null)[],
  { tokens = 'words', maxLength }: TfidfAnalyzer,
): TokenRows {
  const table = createTokenTable();
  const rowStart = new Int32Array(texts.length + 1);
  const token = growingList();
  texts.forEach((text, i) => {
    // Sanitised text stays within the BMP, so code units are code points.
    const head = sanitizeText(text).slice(0, maxLength);
    scanTokens(head, tokens, (start, end) => token.push(table.add(head, start, end)));
    rowStart[i + 1] = token.length;
  });
  return { nRows: texts.length, rowStart, token: token.values(), table };
}

/** `[table.size]` in how many rows each token occurs. */
export function tokenDocuments({ nRows, rowStart, token, table }: TokenRows): Int32Array {
  const documents = new Int32Array(table.size);
  const last = new Int32Array(table.size).fill(-1);
  for (let i = 0; i < nRows; i++) {
    for (let s = rowStart[i]; s < rowStart[i + 1]; s++) {
      if (last[token[s]] === i) continue;
      last[token[s]] = i;
      documents[token[s]]++;
    }
  }
  return documents;
}
