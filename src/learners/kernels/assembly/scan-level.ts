// The cut of one slot with the largest sum of gains over all nodes of a level (oblivious trees; Prokhorenkova et al.
// 2018). A node which the cut leaves whole, or with too small a side, adds nothing; one whose sides break a monotone
// sign forbids the cut.
import {
  countShiftAt,
  isWideAt,
  l1At,
  l2At,
  levelGainsAt,
  levelNodesAt,
  levelRecordsAt,
  minChildWeightAt,
  minGainAt,
  minSamplesLeafAt,
  resultBytes,
  resultsAt,
  scanNodeBytes,
  signsAt,
  slotFeaturesAt,
  slotsAt,
  valueBinsAt,
} from './control';
import { countFactor, held, slotsPerTask } from './scan';
import { scoreAt } from './score';

export function levelTask(task: i32): void {
  const end = min((task + 1) * slotsPerTask, load<i32>(slotsAt));
  for (let slot = task * slotsPerTask; slot < end; slot++) {
    if (load<i32>(isWideAt) != 0) scanLevel<v128>(slot);
    else scanLevel<i64>(slot);
  }
}

function scanLevel<Entry>(slot: i32): void {
  const feature = <usize>load<u16>(load<usize>(slotFeaturesAt) + ((<usize>slot) << 1));
  const valueBins = <i32>load<u16>(load<usize>(valueBinsAt) + (feature << 1));
  const sign = <f64>load<i8>(load<usize>(signsAt) + feature);
  const result = load<usize>(resultsAt) + <usize>slot * resultBytes;
  const gains = load<usize>(levelGainsAt) + ((<usize>slot) << 11);
  const nodes = load<i32>(levelNodesAt);
  const records = load<usize>(levelRecordsAt);
  const offset = ((<usize>slot) << 8) * sizeof<Entry>();
  const missingAt = <usize>valueBins * sizeof<Entry>();
  let isMissing = false;
  for (let which = 0; which < nodes; which++) {
    const histogram = load<usize>(records + <usize>(which * scanNodeBytes), 48) + offset;
    isMissing =
      isMissing || (sizeof<Entry>() == 16 ? load<i64>(histogram + missingAt, 8) : load<i64>(histogram + missingAt)) != 0;
  }
  let best = load<f64>(minGainAt);
  store<f64>(result, -1);
  const directions = isMissing ? 2 : 1;
  for (let missingLeft = 0; missingLeft != directions; missingLeft++) {
    memory.fill(gains, 0, (<usize>valueBins) << 3);
    for (let which = 0; which < nodes; which++) {
      const node = records + <usize>(which * scanNodeBytes);
      addGains<Entry>(gains, node, load<usize>(node, 48) + offset, valueBins, missingLeft, sign);
    }
    for (let bin = 0; bin < valueBins; bin++) {
      const gain = load<f64>(gains + ((<usize>bin) << 3));
      if (!(gain > best)) continue;
      best = gain;
      store<f64>(result, gain);
      store<i32>(result, bin, 32);
      store<i32>(result, missingLeft, 36);
    }
  }
}

function addGains<Entry>(
  gains: usize,
  node: usize,
  histogram: usize,
  valueBins: i32,
  missingLeft: i32,
  sign: f64,
): void {
  const gradient = load<f64>(node);
  const hessian = load<f64>(node, 8);
  const count = load<f64>(node, 16);
  const lower = load<f64>(node, 24);
  const upper = load<f64>(node, 32);
  const factor = countFactor(node);
  const minCount = load<f64>(minSamplesLeafAt);
  const minWeight = load<f64>(minChildWeightAt);
  if (count < 2 * minCount || hessian < 2 * minWeight) return;
  const l1 = load<f64>(l1At);
  const l2 = load<f64>(l2At);
  const parent = scoreAt(gradient, hessian, held(gradient, hessian, lower, upper, l1, l2), l1, l2);
  const countShift = <i64>load<i32>(countShiftAt);
  const mask = ((<i64>1) << countShift) - 1;
  const missing = histogram + <usize>valueBins * sizeof<Entry>();
  let a: i64 = missingLeft ? load<i64>(missing) : 0;
  let b: i64 = 0;
  if (sizeof<Entry>() == 16) b = missingLeft ? load<i64>(missing, 8) : 0;
  let g: f64 = 0;
  let h: f64 = 0;
  let n: f64 = 0;
  for (let bin = 0; bin < valueBins; bin++, histogram += sizeof<Entry>(), gains += 8) {
    a += load<i64>(histogram);
    if (sizeof<Entry>() == 16) {
      b += load<i64>(histogram, 8);
      g = <f64>a;
      h = <f64>(b & mask);
      n = <f64>(<u64>b >>> <u64>countShift);
    } else {
      g = <f64><i32>(a >> 32);
      h = <f64><u32>a;
      n = Math.floor(h * factor + 0.5);
    }
    const rightHessian = hessian - h;
    if (n < minCount || h < minWeight) continue;
    if (count - n < minCount || rightHessian < minWeight) break;
    const rightGradient = gradient - g;
    const left = held(g, h, lower, upper, l1, l2);
    const right = held(rightGradient, rightHessian, lower, upper, l1, l2);
    // -Infinity stays what it is: no later node can allow the cut again.
    const gain =
      (right - left) * sign < 0
        ? -Infinity
        : scoreAt(g, h, left, l1, l2) + scoreAt(rightGradient, rightHessian, right, l1, l2) - parent;
    store<f64>(gains, load<f64>(gains) + gain);
  }
}
