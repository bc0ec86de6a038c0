import { describe, expect, it } from 'vitest';
import {
  DataError,
  InterruptedError,
  KolError,
  ServiceError,
  throwIfAborted,
} from '../../src/core/errors.js';

describe('errors', () => {
  it('carry name, code, message and cause', () => {
    const cause = new Error('socket closed');
    const error = new ServiceError('mlflow did not answer', { cause });
    expect(error).toBeInstanceOf(KolError);
    expect(error).toMatchObject({
      name: 'ServiceError',
      code: 'service',
      message: 'mlflow did not answer',
      cause,
    });
    expect(new DataError('x').code).toBe('data');
  });
});

describe('throwIfAborted', () => {
  it('throws once the signal is aborted, with its reason', () => {
    const controller = new AbortController();
    expect(() => throwIfAborted(undefined)).not.toThrow();
    expect(() => throwIfAborted(controller.signal)).not.toThrow();
    controller.abort('time is up');
    expect(() => throwIfAborted(controller.signal)).toThrow(InterruptedError);
    expect(() => throwIfAborted(controller.signal)).toThrow(expect.objectContaining({ cause: 'time is up' }));
  });
});
