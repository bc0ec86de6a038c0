/** One RFC 4180 field: quoted where a reader would otherwise cut, trim or misread it. */
export function csvField(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) || text === '' ? `"${text.replaceAll('"', '""')}"` : text;
}
