import { makeCertificates } from '../../local/temporal/certificates';
import { ConfigurationFailure, OperationFailure } from '../../api/failures';
import type { TemporalCredentials } from '../../operations/temporal/credentials';
import { ConnectFailure, explainConnectFailure, retryFor } from '../../worker/connect';
import { RecordedLog } from '../support/recorded-log';

const log = new RecordedLog();
const waits: number[] = [];
const options = {
  forSeconds: 60,
  log,
  stop: new AbortController().signal,
  wait: async (ms: number) => waits.push(ms / 1_000),
};
beforeEach(() => {
  log.lines.length = 0;
  waits.length = 0;
});

describe('a retry', () => {
  test('waits longer each time, and logs why', async () => {
    let failures = 3;
    const connection = await retryFor(async () => {
      if (failures-- > 0) throw new ConnectFailure('host:7233 cannot be reached: refused');
      return 'connected';
    }, options);

    expect(connection).toBe('connected');
    expect(waits).toEqual([1, 2, 4]);
    expect(log.lines[2]?.message).toBe('host:7233 cannot be reached: refused; next try in 4 s');
  });

  test('ends with the last failure', async () => {
    const down = retryFor(() => Promise.reject(new ConnectFailure('down')), options);

    await expect(down).rejects.toThrow('down');
    expect(waits).toEqual([1, 2, 4, 8, 15, 15, 15]);
    expect(waits.reduce((sum, seconds) => sum + seconds)).toBeLessThanOrEqual(options.forSeconds);
  });

  test('is not made after a configuration failure', async () => {
    const broken = retryFor(() => Promise.reject(new ConfigurationFailure('secret arn:x is not JSON')), options);

    await expect(broken).rejects.toBeInstanceOf(ConfigurationFailure);
    expect(waits).toEqual([]);
  });

  test('is made after a failure of Secrets Manager, with its details in the log', async () => {
    let failed = false;
    await retryFor(async () => {
      if (failed) return;
      failed = true;
      throw new OperationFailure('temporal-unavailable', 'for callers', { operatorDetail: 'for operators' });
    }, options);

    expect(log.lines.map(({ message }) => message)).toEqual(['for operators; next try in 1 s']);
  });

  test('ends when the process is stopped', async () => {
    const stop = new AbortController();
    const attempt = async () => {
      stop.abort(new Error('SIGTERM'));
      throw new ConnectFailure('down');
    };
    const { wait: _, ...real } = options;

    await expect(retryFor(attempt, { ...real, stop: stop.signal })).rejects.toThrow(/abort|SIGTERM/);
  });
});

describe('a failed connection', () => {
  const namespace = { address: 'prod.tmprl.cloud:7233', secretArn: 'arn:aws:secret:prod' };
  const apiKey: TemporalCredentials = { kind: 'apiKey', apiKey: 'hunter2' };

  /** Texts that SDK 1.24.0 gave against a gateway that demands client certificates. */
  test.each([
    [
      'transport error, source: tonic::transport::Error(Transport, hyper::Error(Io, Custom { error: "received fatal alert: CertificateRequired" }))',
      /refuses the credentials in secret arn:aws:secret:prod/,
    ],
    [
      'Failed to call GetSystemInfo: code: Unknown, message: "transport error", hyper::Error(Io, Kind(ConnectionReset))',
      /refuses the credentials in secret arn:aws:secret:prod, or has no server behind it/,
    ],
    [
      'Failed to call GetSystemInfo: code: \'The operation was cancelled\', message: "operation was canceled", source: tonic::transport::Error(Transport, hyper::Error(Canceled, "connection closed"))',
      /refuses the credentials in secret arn:aws:secret:prod, or has no server behind it/,
    ],
    ['ConnectError(Custom { kind: InvalidData, error: InvalidCertificate(UnknownIssuer) })', /"ca" of secret arn:aws/],
    ['ConnectError("tcp connect error", 127.0.0.1:1, Os { code: 111, kind: ConnectionRefused })', /cannot be reached/],
    ['7 PERMISSION_DENIED: Request unauthorized.', /refuses the credentials in secret arn:aws:secret:prod/],
    ['5 NOT_FOUND: Namespace prod.a1b2c is not found.', /^prod\.tmprl\.cloud:7233: 5 NOT_FOUND: Namespace prod\.a1b2c/],
    ['ConnectError("dns error", Custom { error: "failed to lookup address information" })', /cannot be reached/],
  ])('is explained: %.60s', (text, says) => {
    const { message } = explainConnectFailure(new Error(text), namespace, apiKey);
    expect(message).toMatch(says);
    expect(message).toContain(namespace.address);
    expect(message).not.toContain('hunter2');
  });

  test('with an expired certificate reports when it expired, whatever the error', async () => {
    const { client } = await makeCertificates('localhost');
    const afterItsTime = Date.now() + 366 * 86_400_000;
    jest.spyOn(Date, 'now').mockReturnValue(afterItsTime);

    const { message } = explainConnectFailure(new Error('reset'), namespace, { kind: 'mtls', ...client });

    jest.restoreAllMocks();
    expect(message).toMatch(/^the certificate in secret arn:aws:secret:prod expired on \d{4}-/);
    expect(message).not.toContain('PRIVATE KEY');
  });
});
