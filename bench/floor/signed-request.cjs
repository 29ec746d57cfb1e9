'use strict';
// Signs one GET with Signature Version 4 and sends it, with nothing else: the floor of `rewind show`.
const { createHash, createHmac } = require('node:crypto');
const { request } = require('node:http');

const [, , address] = process.argv;
const { hostname, port, pathname, searchParams, host } = new URL(address);
const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
const [region, service] = ['eu-west-1', 'execute-api'];
const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
const query = [...searchParams].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
const hash = (text) => createHash('sha256').update(text).digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

const headers = { host, 'x-amz-content-sha256': hash(''), 'x-amz-date': time };
const names = Object.keys(headers).join(';');
const canonical = [
  'GET',
  pathname,
  query,
  ...Object.entries(headers).map(([name, value]) => `${name}:${value}`),
  '',
  names,
  hash(''),
];
const toSign = ['AWS4-HMAC-SHA256', time, scope, hash(canonical.join('\n'))].join('\n');
const key = scope.split('/').reduce((secret, part) => hmac(secret, part), `AWS4${process.env.AWS_SECRET_ACCESS_KEY}`);
const signature = createHmac('sha256', key).update(toSign).digest('hex');
headers.authorization = `AWS4-HMAC-SHA256 Credential=${process.env.AWS_ACCESS_KEY_ID}/${scope}, SignedHeaders=${names}, Signature=${signature}`;

request({ hostname, port, path: `${pathname}?${query}`, headers }, (response) => response.pipe(process.stdout)).end();
