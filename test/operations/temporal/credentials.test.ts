import { makeCertificates } from '../../../local/certificates';
import type { Certificates } from '../../../local/certificates';
import type { OperationFailure } from '../../../api/failures';
import { parseCredentials } from '../../../operations/temporal/credentials';

const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:rewind/prod-AbCdEf';

function failureOf(secret: string): OperationFailure {
  try {
    parseCredentials(secret, secretArn);
  } catch (error) {
    return error as OperationFailure;
  }
  throw new Error('the secret was accepted');
}

describe("a namespace's secret", () => {
  let certificates: Certificates;
  beforeAll(async () => {
    certificates = await makeCertificates('temporal.test');
  });

  test('may hold a certificate, its key and an authority', () => {
    const { client, ca } = certificates;
    expect(parseCredentials(JSON.stringify({ ...client, ca }), secretArn)).toEqual({ kind: 'mtls', ...client, ca });
    expect(parseCredentials(JSON.stringify(client), secretArn)).toEqual({ kind: 'mtls', ...client });
  });

  test('may hold an API key', () => {
    expect(parseCredentials('{"apiKey": "a-key\\n"}', secretArn)).toEqual({ kind: 'apiKey', apiKey: 'a-key' });
    const { ca } = certificates;
    expect(parseCredentials(JSON.stringify({ apiKey: 'a-key', ca }), secretArn)).toMatchObject({ ca });
  });

  test('may hold bundles: the client certificate first, and all authorities', async () => {
    const { client, ca } = certificates;
    const bundles = {
      ...client,
      certificate: `${client.certificate}\n${ca}`,
      ca: `${(await makeCertificates('other')).ca}\n${ca}`,
    };
    expect(parseCredentials(JSON.stringify(bundles), secretArn)).toEqual({ kind: 'mtls', ...bundles });
  });

  const broken: [what: string, secret: () => unknown, says: RegExp][] = [
    ['is not JSON', () => '-----BEGIN CERTIFICATE-----', /is not JSON/],
    ['is no object', () => ['x'], /is not a JSON object/],
    ['is empty', () => ({}), /neither "certificate" nor "apiKey"/],
    ['has no key', () => ({ certificate: certificates.client.certificate }), /no "privateKey"/],
    [
      'has a blank certificate',
      () => ({ ...certificates.client, certificate: ' ' }),
      /"certificate" that is not a non-empty/,
    ],
    ['has no PEM', () => ({ ...certificates.client, certificate: 'MIIsecret' }), /"certificate" that is no valid PEM/],
    [
      'has a key that is no PEM',
      () => ({ ...certificates.client, privateKey: 'topsecret' }),
      /"privateKey" that is no valid/,
    ],
    [
      "has another's key",
      () => ({ ...certificates.client, privateKey: certificates.server.privateKey }),
      /does not belong/,
    ],
    [
      'has an authority that is no PEM',
      () => ({ ...certificates.client, ca: 'topsecret' }),
      /"ca" that is no valid PEM/,
    ],
    [
      'has a bundle of authorities of which one is no PEM',
      () => {
        const { client, ca } = certificates;
        return { ...client, ca: `${ca}\n-----BEGIN CERTIFICATE-----\ntopsecret\n-----END CERTIFICATE-----` };
      },
      /"ca" .* bundle with one that is not/,
    ],
    [
      'has a bundle that begins with the authority',
      () => {
        const { client, ca } = certificates;
        return { ...client, certificate: `${ca}\n${client.certificate}` };
      },
      /put the client certificate first/,
    ],
    ['holds both', () => ({ ...certificates.client, apiKey: 'topsecret' }), /both "apiKey" and a certificate/],
  ];
  test.each(broken)('that %s is named to the operator, and nothing of it is repeated', (_what, secret, says) => {
    const value = secret();
    const failure = failureOf(typeof value === 'string' ? value : JSON.stringify(value));

    expect(failure).toMatchObject({ kind: 'configuration', details: { operatorDetail: expect.stringMatching(says) } });
    expect(failure.details.operatorDetail).toContain(secretArn);
    expect(failure.message).not.toContain(secretArn);
    const everything = `${failure.message} ${JSON.stringify(failure.details)} ${failure.stack} ${String(failure.cause)}`;
    expect(everything).not.toMatch(/topsecret|MII|BEGIN/);
  });
});
