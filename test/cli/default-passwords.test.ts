import { describe, expect, it } from 'vitest';
import { refuseDefaultPassword } from '../../src/cli/default-passwords.js';

describe('default passwords', () => {
  it.each(['http://minio:9000', 'https://127.0.0.1.example.org', 'http://10.0.0.5:9000'])(
    'are refused at %s, by the name of the variable alone',
    (address) => {
      const refused = (): void => refuseDefaultPassword('AWS_SECRET_ACCESS_KEY', 'minioadmin', address);
      expect(refused).toThrow(/^AWS_SECRET_ACCESS_KEY is a default password/);
      expect(refused).not.toThrow(/minioadmin/);
    },
  );

  it.each(['http://127.0.0.1:9000', 'http://localhost:9000', 'http://[::1]:9000'])(
    'may do at %s',
    (address) => {
      refuseDefaultPassword('AWS_SECRET_ACCESS_KEY', 'minioadmin', address);
    },
  );

  it('are none where nobody knows them, or none is set', () => {
    refuseDefaultPassword('TRINO_PASSWORD', 'b3c1f0', 'https://trino:8443');
    refuseDefaultPassword('TRINO_PASSWORD', undefined, 'https://trino:8443');
    refuseDefaultPassword('TRINO_PASSWORD', 'password', undefined);
  });
});
