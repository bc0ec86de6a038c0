/** The state of all services as lines of a table. */
export function stateTable(states) {
  const head = ['service', 'port', 'pid', 'version', 'state', 'since', 'memory', 'log'];
  const rows = states.map(({ name, ports, pid, version, state, since, bytes, log }) => [
    name,
    Object.values(ports).join(' '),
    pid ?? '-',
    version,
    state,
    since?.slice(0, 19).replace('T', ' ') ?? '-',
    pid === null ? '-' : `${Math.round(bytes / 2 ** 20)} MB`,
    log ?? '-',
  ]);
  const lines = [head, ...rows].map((cells) => cells.map(String));
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => cells[column].length)));
  const text = lines.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
  const reasons = states.flatMap(({ name, reason }) => (reason === null ? [] : [`${name}: ${reason}`]));
  return [...text, ...reasons].join('\n');
}
