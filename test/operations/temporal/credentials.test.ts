import { createPrivateKey, X509Certificate } from 'node:crypto';
import { makeCertificates } from '../../../local/temporal/certificates';
import type { Certificates } from '../../../local/temporal/certificates';
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
  let other: Certificates;
  beforeAll(async () => {
    [certificates, other] = await Promise.all([makeCertificates('temporal.test'), makeCertificates('other')]);
  });

  /** PEM as `parseCredentials` writes it. */
  const normalized = (...pem: string[]) => pem.map((one) => new X509Certificate(one).toString()).join('');
  const normalizedKey = (pem: string) => createPrivateKey(pem).export({ type: 'pkcs8', format: 'pem' });

  test('may hold a certificate, its key and an authority', () => {
    const { client, ca } = certificates;
    const mtls = {
      kind: 'mtls',
      certificate: normalized(client.certificate),
      privateKey: normalizedKey(client.privateKey),
    };
    expect(parseCredentials(JSON.stringify({ ...client, ca }), secretArn)).toEqual({ ...mtls, ca: normalized(ca) });
    expect(parseCredentials(JSON.stringify(client), secretArn)).toEqual(mtls);
  });

  test('may hold an API key', () => {
    expect(parseCredentials('{"apiKey": "a-key\\n"}', secretArn)).toEqual({ kind: 'apiKey', apiKey: 'a-key' });
    const { ca } = certificates;
    expect(parseCredentials(JSON.stringify({ apiKey: 'a-key', ca }), secretArn)).toMatchObject({ ca: normalized(ca) });
  });

  test('may begin with a byte order mark, as Windows writes it', () => {
    expect(parseCredentials('\uFEFF{"apiKey": "a-key"}\r\n', secretArn)).toMatchObject({ apiKey: 'a-key' });
  });

  const pasted: [how: string, paste: (...blocks: string[]) => string][] = [
    ['one after the other', (...blocks) => blocks.join('\n')],
    ['run together', (...blocks) => blocks.map((block) => block.trim()).join('')],
    ['on one line', (...blocks) => blocks.join('').replaceAll(/\s+/g, ' ')],
    ['without any line break', (...blocks) => blocks.join('').replaceAll(/[\r\n]/g, '')],
    ['with Windows line ends', (...blocks) => blocks.join('\n').replaceAll(/\r?\n/g, '\r\n')],
    ['indented', (...blocks) => blocks.join('').replaceAll(/^/gm, '    ')],
    ['between comments', (...blocks) => blocks.map((block) => `# Subject: CN=x, -CA-\n${block}`).join('# end\n')],
  ];
  test.each(pasted)('may hold bundles of PEM blocks %s, which are returned as parsed', (_how, paste) => {
    const { client, ca } = certificates;
    const secret = {
      certificate: paste(client.certificate, ca),
      privateKey: paste(client.privateKey),
      ca: paste(other.ca, ca),
    };
    expect(parseCredentials(JSON.stringify(secret), secretArn)).toEqual({
      kind: 'mtls',
      certificate: normalized(client.certificate, ca),
      privateKey: normalizedKey(client.privateKey),
      ca: normalized(other.ca, ca),
    });
  });

  test('may hold an EC key after its parameters, as OpenSSL writes it', () => {
    const { certificate, privateKey } = certificates.client;
    const sec1 = createPrivateKey(privateKey).export({ type: 'sec1', format: 'pem' }).toString();
    const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
    const secret = JSON.stringify({ certificate, privateKey: parameters + sec1 });
    expect(parseCredentials(secret, secretArn)).toMatchObject({ privateKey: normalizedKey(privateKey) });
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
      'has a bundle that breaks off',
      () => ({ ...certificates.client, ca: `${certificates.ca}-----BEGIN CERTIFICATE-----\nMIItopsecret` }),
      /"ca" .* bundle with one that is not/,
    ],
    [
      'has a certificate that breaks off where the next begins',
      () => {
        const { client, ca } = certificates;
        return { ...client, certificate: client.certificate.replace('-----END CERTIFICATE-----', '') + ca };
      },
      /"certificate" that is no valid PEM/,
    ],
    [
      'has an encrypted key',
      () => {
        const encrypted = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'topsecret' } as const;
        const { certificate, privateKey } = certificates.client;
        return { certificate, privateKey: createPrivateKey(privateKey).export(encrypted) };
      },
      /"privateKey" that is no valid unencrypted PEM/,
    ],
    [
      'has a bundle that begins with the authority',
      () => {
        const { client, ca } = certificates;
        return { ...client, certificate: `${ca}\n${client.certificate}` };
      },
      /put the client certificate first/,
    ],
    // The error of gRPC for such a key contains the whole key.
    ['has an API key with a line break', () => ({ apiKey: 'top\nsecret-topsecret' }), /"apiKey" with a space/],
    ['has an API key with a space', () => ({ apiKey: 'Bearer topsecret' }), /"apiKey" with a space/],
    ['has an API key with an invisible character', () => ({ apiKey: 'topsecret\u200Btop' }), /"apiKey" with a space/],
    ['has an API key with a typographic dash', () => ({ apiKey: 'topsecret\u2013top' }), /"apiKey" with a space/],
    ['holds both', () => ({ ...certificates.client, apiKey: 'topsecret' }), /both "apiKey" and a certificate/],
  ];
  test.each(broken)('that %s is reported to the operator, without its content', (_what, secret, says) => {
    const value = secret();
    const failure = failureOf(typeof value === 'string' ? value : JSON.stringify(value));

    expect(failure).toMatchObject({ kind: 'configuration', details: { operatorDetail: expect.stringMatching(says) } });
    expect(failure.details.operatorDetail).toContain(secretArn);
    expect(failure.message).not.toContain(secretArn);
    const everything = `${failure.message} ${JSON.stringify(failure.details)} ${failure.stack} ${String(failure.cause)}`;
    expect(everything).not.toMatch(/topsecret|MII|BEGIN/);
  });
});
