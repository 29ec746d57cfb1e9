'use strict';
// What a Lambda runtime does, and no more: loads the handler, and passes it one event after the other over the Runtime API.
const { Agent, request } = require('node:http');

const { AWS_LAMBDA_RUNTIME_API: api, BENCH_MODULE: handlerModule } = process.env;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

function call(method, below, body = '', headers = {}) {
  return new Promise((resolve, reject) => {
    const sent = request(`http://${api}/2018-06-01/runtime/${below}`, { agent, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ text, headers: response.headers }));
    });
    sent.on('error', reject).end(body);
  });
}

async function run() {
  const start = process.hrtime.bigint();
  const { handler } = require(handlerModule);
  const loadMs = Number(process.hrtime.bigint() - start) / 1e6;
  for (;;) {
    const { text, headers } = await call('GET', 'invocation/next', '', { 'bench-load-ms': String(loadMs) });
    const deadline = Number(headers['lambda-runtime-deadline-ms']);
    const awsRequestId = headers['lambda-runtime-aws-request-id'];
    const context = { awsRequestId, getRemainingTimeInMillis: () => deadline - Date.now() };
    const result = await handler(JSON.parse(text), context);
    await call('POST', `invocation/${awsRequestId}/response`, JSON.stringify(result));
  }
}

void run();
