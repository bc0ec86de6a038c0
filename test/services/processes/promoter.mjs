// Promotes in MLflow what it is told on stdin, a JSON object a line: { name, version, expected }; says how it went.
import { createInterface } from 'node:readline';
import { promotionOf } from '../../../dist/registry/alias-move.js';
import { connectMlflow } from '../../../dist/registry/mlflow/connection.js';
import { mlflowPromotion } from '../../../dist/registry/promotion/promotion-registry.js';

const mlflow = connectMlflow({ trackingUri: process.argv[2], firstPause: 0.02 });
const registry = mlflowPromotion(mlflow);
process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const { name, version, expected } = JSON.parse(line);
  const said = await registry
    .move({ name, action: 'promote', why: 'a race', decide: promotionOf(name, version, expected) })
    .then(
      (aliases) => ({ won: true, aliases }),
      (error) => ({ won: false, code: error.code, message: error.message }),
    );
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
await mlflow.close();
