// The cut of one slot with the largest sum of gains over all nodes of a level (oblivious trees; Prokhorenkova et al.
// 2018). A node which the cut leaves whole, or with too small a side, adds nothing; one whose sides break a monotone
// sign forbids the cut.
import {
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
  slotsPerTask,
  valueBinsAt,
} from '../control';
import { Bounded, countFactor, counts, Free, gradients, hessians, isFree, parentScore, scoresOf } from './gain';

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
  const hessian = load<f64>(node, 8);
  const count = load<f64>(node, 16);
  const factor = countFactor(node);
  const minCount = load<f64>(minSamplesLeafAt);
  const minWeight = load<f64>(minChildWeightAt);
  if (count < 2 * minCount || hessian < 2 * minWeight) return;
  if (!isFree(node, <i32>sign)) addNode<Entry, Bounded>(gains, node, histogram, valueBins, missingLeft, sign, factor);
  else addNode<Entry, Free>(gains, node, histogram, valueBins, missingLeft, sign, factor);
}

function addNode<Entry, Rule>(
  gains: usize,
  node: usize,
  histogram: usize,
  valueBins: i32,
  missingLeft: i32,
  sign: f64,
  factor: f64,
): void {
  const gradient = f64x2.splat(load<f64>(node));
  const hessian = f64x2.splat(load<f64>(node, 8));
  const count = f64x2.splat(load<f64>(node, 16));
  const lower = f64x2.splat(load<f64>(node, 24));
  const upper = f64x2.splat(load<f64>(node, 32));
  const minCount = f64x2.splat(load<f64>(minSamplesLeafAt));
  const minWeight = f64x2.splat(load<f64>(minChildWeightAt));
  const l1 = f64x2.splat(load<f64>(l1At));
  const l2 = f64x2.splat(load<f64>(l2At));
  const direction = f64x2.splat(sign);
  const parent = f64x2.splat(parentScore<Rule>(node));
  const missing = histogram + <usize>valueBins * sizeof<Entry>();
  let a: i64 = missingLeft ? load<i64>(missing) : 0;
  let b: i64 = 0;
  if (sizeof<Entry>() == 16) b = missingLeft ? load<i64>(missing, 8) : 0;
  // The gain behind the last bin of an odd number is written too, and never read.
  for (let bin = 0; bin < valueBins; bin += 2, histogram += 2 * sizeof<Entry>(), gains += 16) {
    const a0 = a + load<i64>(histogram);
    a = a0 + load<i64>(histogram, sizeof<Entry>());
    const sums = i64x2.replace_lane(i64x2.splat(a0), 1, a);
    let secondSums = sums;
    if (sizeof<Entry>() == 16) {
      const b0 = b + load<i64>(histogram, 8);
      b = b0 + load<i64>(histogram, sizeof<Entry>() + 8);
      secondSums = i64x2.replace_lane(i64x2.splat(b0), 1, b);
    }
    const g = gradients<Entry>(sums);
    const h = hessians<Entry>(sums, secondSums);
    const n = counts<Entry>(h, secondSums, factor);
    const rightHessian = f64x2.sub(hessian, h);
    const scores = scoresOf<Rule>(g, h, f64x2.sub(gradient, g), rightHessian, l1, l2, lower, upper, direction);
    const gain = f64x2.sub(scores, parent);
    const isLarge = v128.and(
      v128.and(f64x2.ge(n, minCount), f64x2.ge(f64x2.sub(count, n), minCount)),
      v128.and(f64x2.ge(h, minWeight), f64x2.ge(rightHessian, minWeight)),
    );
    // -Infinity stays what it is: no later node can allow the cut again.
    v128.store(gains, f64x2.add(v128.load(gains), v128.and(gain, isLarge)));
  }
}
