import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeFunctionAsset } from '../../../lib/bundling/function-asset';

/** A function that tells where it runs, and what it finds in its environment. */
const source = `
  module.exports = { handler: () => [__dirname, require('node:path').basename(__filename), process.env.REWIND_TASK_QUEUE] };
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'rewind-code-cache-'));
  const bundle = { name: 'test', code: Buffer.from(source), contents: {} };
  writeFunctionAsset(bundle, folder, { codeCache: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Loads the function in a process of its own and calls it, as Lambda does. */
const called = (...nodeOptions: string[]): { answer: unknown; rejected: unknown } => {
  const program = `
    const vm = require('node:vm');
    let rejected;
    const { Script } = vm;
    vm.Script = class extends Script {
      constructor(...args) { super(...args); rejected = this.cachedDataRejected; }
    };
    const answer = require(${JSON.stringify(folder)} + '/index.js').handler();
    console.log(JSON.stringify({ answer, rejected }));
  `;
  const output = execFileSync(process.execPath, [...nodeOptions, '-e', program], { encoding: 'utf8' });
  return JSON.parse(output) as { answer: unknown; rejected: unknown };
};
const answer = () => [folder, 'function.js', null];
const cacheFile = () => readdirSync(folder).find((file) => file.endsWith('.cache')) ?? '';

test('the function runs from the compiled code beside it, which names the V8 that it is for', () => {
  expect(readdirSync(folder)).toHaveLength(3);
  expect(cacheFile()).toContain(`${process.arch}-${process.version}-`);
  expect(called()).toEqual({ answer: answer(), rejected: false });
});

test('without compiled code for this Node.js, or these flags of V8, the function compiles for itself', () => {
  expect(called('--no-lazy')).toEqual({ answer: answer() });
  rmSync(path.join(folder, cacheFile()));
  expect(called()).toEqual({ answer: answer() });
});

test('compiled code that V8 rejects is as good as none', () => {
  writeFileSync(path.join(folder, cacheFile()), 'not what V8 wrote');
  expect(called()).toEqual({ answer: answer(), rejected: true });
});
