// node infra/minio/trainer-user.js: the trainer's user of MinIO, with the rights of trainer-policy.json and no others.
//   AWS_ENDPOINT_URL_S3, MINIO_ROOT_USER, MINIO_ROOT_PASSWORD: where, and as whom
//   KOL_TRAINER_ACCESS_KEY, KOL_TRAINER_SECRET_KEY: the user to make; its secret is made anew where it is there
import { createUser, trainerPolicy } from './admin.js';

try {
  const wanted = (name) => {
    const value = process.env[name];
    if (!value) throw new Error(`${name} is not set`);
    return value;
  };
  const name = wanted('KOL_TRAINER_ACCESS_KEY');
  const secret = wanted('KOL_TRAINER_SECRET_KEY');
  if (secret.length < 16) throw new Error('KOL_TRAINER_SECRET_KEY must have at least 16 characters');
  const administrator = {
    endpoint: wanted('AWS_ENDPOINT_URL_S3').replace(/\/$/, ''),
    accessKeyId: wanted('MINIO_ROOT_USER'),
    secretAccessKey: wanted('MINIO_ROOT_PASSWORD'),
  };
  await createUser(administrator, { name, secret, policy: 'kol-trainer', document: trainerPolicy() });
  process.stdout.write(`user ${name} has the policy kol-trainer\n`);
} catch (error) {
  process.stderr.write(`${error.cause?.message ?? error.message}\n`);
  process.exitCode = 1;
}
