'use strict';
// Replaces the native module of Lambda's runtime client, which would have to be compiled, with node:http.
const { Agent, request } = require('node:http');
const path = require('node:path');

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

function call(method, below, body, headers = {}) {
  const url = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation/${below}`;
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method, headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ bodyJson: Buffer.concat(chunks).toString(), headers: response.headers }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const json = { 'content-type': 'application/json' };
const client = {
  next: () => call('GET', 'next'),
  // Like the native module, ignores the response to a result. The next call waits for the connection.
  done: (id, body) => void call('POST', `${id}/response`, body, json).catch(() => {}),
  error: (id, body, cause) =>
    void call('POST', `${id}/error`, body, { ...json, 'lambda-runtime-function-xray-error-cause': cause }).catch(
      () => {},
    ),
};

const loadNative = require.extensions['.node'];
require.extensions['.node'] = (module, file) => {
  if (path.basename(file) === 'rapid-client.node') module.exports = client;
  else loadNative(module, file);
};
