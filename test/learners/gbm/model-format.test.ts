import { describe, expect, it } from 'vitest';
import { Matrix } from '../../../src/core/matrix.js';
import { decodeRecord } from '../../../src/core/record.js';
import type { GradientBoostingModel } from '../../../src/learners/gbm/model.js';
import { boostingMargins } from '../../../src/learners/gbm/predict.js';
import { shapValues } from '../../../src/learners/gbm/shap-values.js';

/** A model of format 1, as the first engine wrote it: one tree of three leaves, no covers. */
const format1 =
  'S09MUjAwMDF/AgAAAAAAAHsiYmFzZVNjb3JlIjp7IiRhcnJheSI6IkZsb2F0NjRBcnJheSIsIm9mZnNldCI6MCwibGVuZ3RoIjoxfSwiZmVhdHVyZU5hbWVzIjpbImZvbGxvd2VycyIsInBvc3RzIl0sImZvcm1hdCI6MSwiZ2FpbnMiOnsiJGFycmF5IjoiRmxvYXQ2NEFycmF5Iiwib2Zmc2V0Ijo4LCJsZW5ndGgiOjJ9LCJraW5kIjoiZ3JhZGllbnQtYm9vc3RpbmciLCJuTWFyZ2lucyI6MSwib2JqZWN0aXZlIjoiYmluYXJ5IiwidHJlZXMiOnsiZmVhdHVyZSI6eyIkYXJyYXkiOiJJbnQzMkFycmF5Iiwib2Zmc2V0IjoyNCwibGVuZ3RoIjo1fSwibGVmdCI6eyIkYXJyYXkiOiJJbnQzMkFycmF5Iiwib2Zmc2V0Ijo0OCwibGVuZ3RoIjo1fSwibWlzc2luZ0xlZnQiOnsiJGFycmF5IjoiVWludDhBcnJheSIsIm9mZnNldCI6NzIsImxlbmd0aCI6NX0sInJpZ2h0Ijp7IiRhcnJheSI6IkludDMyQXJyYXkiLCJvZmZzZXQiOjgwLCJsZW5ndGgiOjV9LCJyb290cyI6eyIkYXJyYXkiOiJJbnQzMkFycmF5Iiwib2Zmc2V0IjoxMDQsImxlbmd0aCI6MX0sInRocmVzaG9sZCI6eyIkYXJyYXkiOiJGbG9hdDMyQXJyYXkiLCJvZmZzZXQiOjExMiwibGVuZ3RoIjo1fSwidmFsdWUiOnsiJGFycmF5IjoiRmxvYXQ2NEFycmF5Iiwib2Zmc2V0IjoxMzYsImxlbmd0aCI6NX19fQAAAAAAAADQPwAAAAAAAAhAAAAAAAAAAEAAAAAA/////wEAAAD//////////wAAAAABAAAA/////wMAAAD//////////wAAAAAAAAEAAAAAAAIAAAD/////BAAAAP//////////AAAAAAAAAAAAAAAAAAAgQAAAAAAAAIBAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADwvwAAAAAAAAAAAAAAAAAAAAAAAAAAAAD0P4bayJUvXiq1NJhyN39ssaGTXwrrQAvf4K/Dz9rgIJ7g';

describe('a model of format 1', () => {
  const model = decodeRecord(Buffer.from(format1, 'base64')) as GradientBoostingModel;
  const X = Matrix.fromColumns(
    [
      [0, 5, 5, NaN],
      [1, 1, 9, NaN],
    ],
    ['followers', 'posts'],
  );

  it('predicts what it did', () => {
    expect(model.format).toBe(1);
    expect([...boostingMargins(model, X)[0]]).toEqual([-0.75, 0.25, 1.5, 0.25]);
  });

  it('says why it cannot be explained', () => {
    expect(() => shapValues(model, X)).toThrow(/cover/);
  });
});
