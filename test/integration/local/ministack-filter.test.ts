import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

const REQUESTS = 200;

/** Sends the head and the body of a request in packets of their own, as Python's HTTP client does; gives the first line of the answer. */
async function sendInTwoPackets(endpoint: URL): Promise<string> {
  const socket = connect(Number(endpoint.port), endpoint.hostname).setNoDelay();
  const answer = socket.toArray();
  const body = JSON.stringify({ Name: 'no-such-table' });
  socket.write(
    [
      'POST / HTTP/1.1',
      `Host: ${endpoint.host}`,
      'Authorization: AWS4-HMAC-SHA256 Credential=AKIANOBODY/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      'X-Amz-Target: DynamoDB_20120810.DescribeTable',
      `Content-Length: ${body.length}`,
      'Connection: close',
      '\r\n',
    ].join('\r\n'),
  );
  await turn();
  socket.write(body);
  return Buffer.concat(await answer)
    .toString()
    .split('\r\n', 1)
    .join();
}

test('an answer of MiniStack arrives, in however many packets the request comes', async () => {
  const endpoint = new URL(process.env['AWS_ENDPOINT_URL'] ?? '');
  const answers = new Set<string>();
  for (let sent = 0; sent < REQUESTS; sent += 1) answers.add(await sendInTwoPackets(endpoint));
  // MiniStack refuses the signature; a 502 would be the filter's.
  expect([...answers]).toEqual([expect.stringMatching(/^HTTP\/1\.1 40[03] /)]);
});
