import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chooseContext, readContexts } from '../../cli/contexts';
import { temporaryFolder } from '../support/temporary-folder';

/* Invalid files and addresses are refused, and so are addresses to which a signed request would be sent without TLS. */

const folder = temporaryFolder();
const env = { XDG_CONFIG_HOME: folder, REWIND_LOCAL_JSON: path.join(folder, 'none.json') };
mkdirSync(path.join(folder, 'rewind'));
const write = (text: string) => writeFileSync(path.join(folder, 'rewind', 'contexts.json'), text);
const refusal = (words: RegExp) => expect.objectContaining({ exit: 'usage', message: expect.stringMatching(words) });

const addresses: [address: unknown, words: RegExp][] = [
  ['api', /is no URL/],
  ['', /is no URL/],
  [5, /is no URL/],
  [null, /is no URL/],
  ['ftp://example.com', /is not https/],
  ['http://example.com/v1', /is not https/],
  ['http://127.0.0.1.example.com', /is not https/],
  ['http://localhost.example.com', /is not https/],
  ['javascript:alert(1)', /is not https/],
];
test.each(addresses)('refuses the address %j', (address, words) => {
  write(JSON.stringify({ contexts: { prod: { apiUrl: address, region: 'eu-west-1' } } }));
  expect(() => chooseContext({}, env)).toThrow(refusal(words));
  const given = { apiUrl: address as string, region: 'eu-west-1' };
  expect(() => chooseContext(given, env)).toThrow(refusal(words));
});

test.each([
  'https://a.execute-api.eu-west-1.amazonaws.com/v1',
  'http://127.0.0.1:80/v1',
  'http://[::1]:8080',
  'http://localhost:1',
])('accepts the address %s and removes its trailing slash', (apiUrl) => {
  write(JSON.stringify({ contexts: { prod: { apiUrl: `${apiUrl}/`, region: 'eu-west-1' } } }));
  expect(chooseContext({}, env)).toMatchObject({ name: 'prod', apiUrl });
  expect(chooseContext({ apiUrl: `${apiUrl}//`, region: 'eu-west-1' }, env)).toMatchObject({ apiUrl });
});

test.each(['null', '5', '[]', '{}', '{"contexts":5}', '{"contexts":null}', '{"contexts":{"a":5,"b":null}}'])(
  'reads no context from a file with %s',
  (text) => {
    write(text);
    expect(readContexts(env)).toEqual({ contexts: {} });
  },
);

test.each(['', '{"apiUrl": ', 'null', '[]', '{"apiUrl": "http://127.0.0.1:1"}'])(
  'a file of a local stack with %j is named, and no other context is used instead',
  (text) => {
    const file = path.join(folder, 'local.json');
    writeFileSync(file, text);
    write(JSON.stringify({ contexts: { prod: { apiUrl: 'https://a.example', region: 'eu-west-1' } } }));
    const here = { ...env, REWIND_LOCAL_JSON: file };
    const message = `${file} does not describe a local stack.`;
    expect(() => chooseContext({}, here)).toThrow(expect.objectContaining({ exit: 'failed', message }));
    expect(() => chooseContext({ context: 'local' }, here)).toThrow(expect.objectContaining({ message }));
    expect(chooseContext({ context: 'prod' }, here)).toMatchObject({ name: 'prod' });
  },
);
