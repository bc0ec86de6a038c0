// A neighbour that keeps one core busy and counts how far it gets. Sent { from, to } (seconds since 1970), it answers
// with the iterations a second that it made in that time.
const marks = [];
let total = 0;
let sink = 0;
const start = Date.now();

function work() {
  const until = Date.now() + 20;
  while (Date.now() < until) {
    for (let i = 0; i < 20_000; i++) sink = (Math.imul(sink, 1664525) + 1013904223) | 0;
    total += 20_000;
  }
  marks.push([Date.now() / 1000, total]);
  setImmediate(work);
}

const at = (time) => {
  const after = marks.findIndex(([moment]) => moment >= time);
  if (after <= 0) return after === 0 ? marks[0][1] : total;
  const [[t0, n0], [t1, n1]] = [marks[after - 1], marks[after]];
  return n0 + ((n1 - n0) * (time - t0)) / Math.max(t1 - t0, 1e-9);
};

process.on('message', ({ from, to }) => {
  process.send({ rate: (at(to) - at(from)) / (to - from), sink: sink + start });
});
process.on('disconnect', () => process.exit(0));
work();
