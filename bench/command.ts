import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeWorkflow } from '../api/describe';
import { deployedNode } from '../local/installed/deployed-node';
import { interleaved, ratio, summary } from './benchmark';
import type { Benchmark, Figure } from './benchmark';

const ROUNDS = 25;
const command = path.resolve(__dirname, '../cli/rewind.cjs');

/** What a person waits for before anything happens. */
export const commandStart: Benchmark = {
  name: 'command',
  about:
    '`rewind --help` against `node -e 0`, and `rewind show` against a program that signs and sends the same request (bench/floor/signed-request.cjs), both answered at once',
  async run() {
    const [answer] = Object.values(describeWorkflow.responses[200].examples);
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    const place = ['--api-url', apiUrl, '--region', 'eu-west-1', '-n', 'prod.a1b2c'];
    const floor = path.join(__dirname, 'floor/signed-request.cjs');
    const request = `${apiUrl}/namespaces/prod.a1b2c/workflows/describe?workflowId=order-1234`;
    // From Node.js 22 on, the command keeps what it has compiled in the user's home.
    const home = mkdtempSync(path.join(tmpdir(), 'rewind-command-'));
    try {
      const figures: Figure[] = [];
      for (const node of [[process.execPath], await deployedNode()]) {
        figures.push(
          ...(await figuresOn(node, { home, floor: [floor, request], show: ['show', 'order-1234', ...place] })),
        );
      }
      return figures;
    } finally {
      server.close();
      rmSync(home, { recursive: true });
    }
  },
};

/** @param node the command of a Node.js */
async function figuresOn(
  node: string[],
  { home, floor, show }: { home: string; floor: string[]; show: string[] },
): Promise<Figure[]> {
  const version = `Node.js ${execFileSync(node[0] ?? '', [...node.slice(1), '--version'])
    .toString()
    .split('.')[0]
    ?.slice(1)}`;
  const milliseconds = (...args: string[]) => millisecondsOf([...node, ...args], home);
  await milliseconds(command, '--help');
  const samples = await interleaved(ROUNDS, {
    node: () => milliseconds('-e', '0'),
    help: () => milliseconds(command, '--help'),
    floor: () => milliseconds(...floor),
    show: () => milliseconds(command, ...show),
  });
  return [
    { name: `node -e 0, ${version}`, unit: 'ms', ...summary(samples.node) },
    { name: `rewind --help, ${version}`, unit: 'ratio', ...ratio(samples.help, samples.node), atMost: 2 },
    { name: `sign and send a describe, ${version}`, unit: 'ms', ...summary(samples.floor) },
    { name: `rewind show, ${version}`, unit: 'ratio', ...ratio(samples.show, samples.floor), atMost: 1.5 },
  ];
}

/** From the start of a process to its end. */
async function millisecondsOf([program = '', ...args]: string[], home: string): Promise<number> {
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'x',
  };
  const began = performance.now();
  const child = spawn(program, args, { env, stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
  return performance.now() - began;
}
