import fc from 'fast-check';
import {
  textPatterns,
  type Condition,
  type NumericExpression,
  type TextPattern,
} from '../../src/features/expression.js';
import { adversarialNumbers } from './adversarial-rows.js';

const numbers = ['followers', 'following', 'posts', 'age', 'verified', 'created_at'];
const texts = ['bio', 'username'];
const constants = [...adversarialNumbers.filter(Number.isFinite), 2, 3, 1e308, -1e308];
const patterns = Object.keys(textPatterns) as TextPattern[];

/**
 * Expressions over `adversarialTable` whose every operation is exact or correctly rounded, so that all readings must
 * agree to the bit: all operations but `log` and `entropy`.
 */
export const exactExpression: fc.Arbitrary<NumericExpression> = expressions().number;

/** Conditions over the same. */
export const exactCondition: fc.Arbitrary<Condition> = expressions().condition;

function expressions(): { number: fc.Arbitrary<NumericExpression>; condition: fc.Arbitrary<Condition> } {
  const text = fc.constantFrom(...texts);
  return fc.letrec<{ number: NumericExpression; condition: Condition }>((tie) => {
    const leaf: fc.Arbitrary<NumericExpression>[] = [
      fc.record({ op: fc.constant('column' as const), name: fc.constantFrom(...numbers) }),
      fc.record({ op: fc.constant('constant' as const), value: fc.constantFrom(...constants) }),
      fc.record({ op: fc.constant('length' as const), text }),
      fc.record({ op: fc.constant('count' as const), text, pattern: fc.constantFrom(...patterns) }),
      fc.record({
        op: fc.constant('category' as const),
        text,
        values: fc.constant(['vi', 'en', "it's", '']),
      }),
    ];
    const operands = { left: tie('number'), right: tie('number') };
    return {
      number: fc.oneof(
        { maxDepth: 4, depthSize: 'large' },
        { arbitrary: fc.oneof(leaf[0], leaf[0], leaf[0], ...leaf), weight: 2 },
        {
          arbitrary: fc.record({
            op: fc.constantFrom('add', 'subtract', 'multiply', 'divide', 'minimum', 'maximum'),
            ...operands,
          }),
          weight: 6,
        },
        { arbitrary: fc.record({ op: fc.constant('floor' as const), of: tie('number') }), weight: 1 },
        {
          arbitrary: fc.record({
            op: fc.constant('where' as const),
            if: tie('condition'),
            then: tie('number'),
            else: tie('number'),
          }),
          weight: 2,
        },
        { arbitrary: fc.record({ op: fc.constant('indicator' as const), if: tie('condition') }), weight: 2 },
      ),
      condition: fc.oneof(
        { maxDepth: 4, depthSize: 'large' },
        { arbitrary: fc.record({ op: fc.constant('empty' as const), text }), weight: 1 },
        { arbitrary: fc.record({ op: fc.constant('missing' as const), of: tie('number') }), weight: 2 },
        {
          arbitrary: fc.record({ op: fc.constantFrom('less', 'lessOrEqual', 'equal'), ...operands }),
          weight: 4,
        },
        {
          arbitrary: fc.record({
            op: fc.constantFrom('and', 'or'),
            left: tie('condition'),
            right: tie('condition'),
          }),
          weight: 1,
        },
        { arbitrary: fc.record({ op: fc.constant('not' as const), of: tie('condition') }), weight: 1 },
      ),
    };
  });
}
