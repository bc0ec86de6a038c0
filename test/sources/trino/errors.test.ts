import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../../src/cli/exit-code.js';
import { LostQueryError, queryError, transportFailure } from '../../../src/sources/trino/query-error.js';
import { TransportError } from '../../../src/sources/trino/transport-error.js';

const failure = (errorName: string, errorType: string, message = 'line 1:8: why it failed') =>
  queryError({ errorName, errorType, message }, 'q_1');

describe('errors of a query', () => {
  it.each([
    [
      'TABLE_NOT_FOUND',
      'USER_ERROR',
      "line 1:15: Table 'iceberg.a.b' does not exist",
      3,
      /table 'iceberg.a.b' does not exist/,
    ],
    [
      'COLUMN_NOT_FOUND',
      'USER_ERROR',
      "line 1:8: Column 'x' cannot be resolved",
      3,
      /column x does not exist/,
    ],
    [
      'TYPE_MISMATCH',
      'USER_ERROR',
      'line 1:8: Cannot apply operator',
      3,
      /line 1:8: Cannot apply operator .*cast/,
    ],
    ['DIVISION_BY_ZERO', 'USER_ERROR', 'Division by zero', 3, /Division by zero/],
    [
      'INVALID_ARGUMENTS',
      'USER_ERROR',
      'line 1:1: Iceberg snapshot ID does not exists: 12',
      3,
      /snapshot 12 is no longer kept/,
    ],
    ['SYNTAX_ERROR', 'USER_ERROR', "line 1:1: mismatched input 'x'", 2, /mismatched input/],
    ['CATALOG_NOT_FOUND', 'USER_ERROR', "line 1:1: Catalog 'x' not found", 2, /set the catalog/],
    ['PERMISSION_DENIED', 'USER_ERROR', 'Access Denied: Cannot select', 5, /ask for the right/],
    ['EXCEEDED_LOCAL_MEMORY_LIMIT', 'INSUFFICIENT_RESOURCES', 'Query exceeded', 5, /fewer rows or columns/],
    ['GENERIC_INTERNAL_ERROR', 'INTERNAL_ERROR', 'boom', 5, /the server failed/],
    ['USER_CANCELED', 'USER_ERROR', 'Query was canceled', 5, /cancelled on the server/],
  ])('%s', (name, type, message, code, text) => {
    const error = failure(name, type, message);
    expect(error.message).toMatch(text);
    expect(error.message).toContain(`(query q_1, ${name})`);
    expect(exitCodeOf(error)).toBe(code);
    expect(error).not.toBeInstanceOf(LostQueryError);
  });

  it.each([
    ['SERVER_SHUTTING_DOWN', 'INTERNAL_ERROR', 'bye'],
    ['REMOTE_TASK_ERROR', 'INTERNAL_ERROR', 'Expected response code to be 200, but was 500'],
    ['NO_NODES_AVAILABLE', 'INSUFFICIENT_RESOURCES', 'No nodes available'],
    ['ICEBERG_CANNOT_OPEN_SPLIT', 'EXTERNAL', 'Error opening Iceberg split'],
    ['ICEBERG_INVALID_METADATA', 'EXTERNAL', 'Error accessing metadata file for table a.b'],
    ['GENERIC_INTERNAL_ERROR', 'INTERNAL_ERROR', 'Cannot check and eventually update SQL schema'],
    ['HIVE_METASTORE_ERROR', 'EXTERNAL', 'Socket is closed by peer.'],
  ])('%s may pass', (name, type, message) => {
    const error = failure(name, type, message);
    expect(error).toBeInstanceOf(LostQueryError);
    expect(exitCodeOf(error)).toBe(5);
  });

  it('do not take a wrong query for a failure that may pass', () => {
    expect(
      failure('INVALID_CAST_ARGUMENT', 'USER_ERROR', "Cannot cast 'connection reset' to INT"),
    ).not.toBeInstanceOf(LostQueryError);
  });
});

describe('errors of a request', () => {
  const http = (status: number, headers: Record<string, string> = {}, text = '') =>
    TransportError.from({
      message: `Request failed with status code ${status}`,
      config: { headers: { Authorization: 'Basic c2VjcmV0' } },
      response: { status, headers, data: Buffer.from(text) },
    });
  const url = 'https://trino:8443';

  it('keep nothing of the request', () => {
    const failed = transportFailure(http(500), url, 'q_1');
    expect(JSON.stringify([failed, failed.cause, Object.entries(failed), failed.stack])).not.toMatch(
      /Basic|c2VjcmV0/,
    );
  });

  it.each([
    [401, /does not accept the password or token/, false],
    [403, /does not admit this user/, false],
    [307, /redirects to https:\/\/other/, false],
    [500, /refused the request \(query q_1\): HTTP 500/, false],
    [503, /could not be reached/, true],
    [404, /does not know query q_1 any more/, true],
    [410, /does not know query q_1 any more/, true],
  ])('HTTP %d', (status, text, lost) => {
    const error = transportFailure(http(status, { location: 'https://other/v1' }), url, 'q_1');
    expect(error.message).toMatch(text);
    expect(error instanceof LostQueryError).toBe(lost);
    expect(exitCodeOf(error)).toBe(5);
  });

  it('tell an address without Trino from a lost query', () => {
    expect(transportFailure(http(404), url)).not.toBeInstanceOf(LostQueryError);
    expect(transportFailure(http(503), url)).not.toBeInstanceOf(LostQueryError);
  });

  it.each([
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'CERT_HAS_EXPIRED',
    'EPROTO',
    'ENOTFOUND',
  ])('%s is not waited for', (code) => {
    const error = TransportError.from({ code, message: 'no' });
    expect(error.isPassing).toBe(false);
    expect(transportFailure(error, url)).not.toBeInstanceOf(LostQueryError);
  });

  it.each(['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT', 'EAI_AGAIN'])('%s is', (code) => {
    expect(TransportError.from({ code, message: 'no' }).isPassing).toBe(true);
  });

  it('know how long to wait', () => {
    expect(http(429, { 'retry-after': '7' }).retryAfter).toBe(7);
    expect(http(429, { 'retry-after': 'soon' }).retryAfter).toBeUndefined();
  });
});
