import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { resetActivityRequest } from '../../api/activities';
import { cancelRequest } from '../../api/cancel';
import { resetRequest } from '../../api/reset';
import { startBatchRequest } from '../../api/batch-operations';
import { pauseWorkflow } from '../../api/pause';
import { restartWorkflow } from '../../api/restart';
import { terminateRequest } from '../../api/terminate';
import { updateWorkflowOptions } from '../../api/update-options';
import { parseConfig } from '../../lib/config';
import { operationEventDetail } from '../../api/emitted-events';
import { allBlocks, isFirstDay, isInWalkthrough } from '../support/documentation';
import type { Block } from '../support/documentation';

/*
 * Every block to paste of the documentation is tested: data here, commands in test/e2e/documentation.test.ts and
 * test/e2e/walkthrough.test.ts. A new block fails the first test until a test covers it.
 */

const { scripts, bin } = JSON.parse(readFileSync(path.resolve(__dirname, '../../package.json'), 'utf8')) as {
  scripts: Record<string, string>;
  bin: Record<string, string>;
};
const namespaces = JSON.parse(
  '{"prod.a1b2c": {"address": "prod.a1b2c.tmprl.cloud:7233", "secretArn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:rewind/prod-AbCdEf"}}',
) as object;

/** Part of a configuration, as the pages show it: without the braces around it. */
const isConfiguration = (block: Block) =>
  block.language === 'json' &&
  !isInWalkthrough(block) &&
  /^("rewind"|"access"|"triggers"|"[a-z-]+": \{\n  "sources"|\{\n  "namespaces")/.test(block.text);
const isRequest = ({ file, language }: Block) => file === 'docs/http-api.md' && language === 'json';
const isEvent = ({ text, language }: Block) => language === 'json' && text.startsWith('{\n  "version": "1"');
const isNpm = ({ text, language }: Block) => language === 'sh' && /^(npm|npx) /.test(text);

const elsewhere: [by: string, blocks: (block: Block) => boolean][] = [
  ['e2e/walkthrough.test.ts', isInWalkthrough],
  ['e2e/cli/first-day-on-call.test.ts', isFirstDay],
  ['e2e/documentation.test.ts', ({ language }) => language === 'sh' || language === 'console'],
  ['e2e/documentation.test.ts', ({ text }) => text.includes('createRewindClient(')],
  [
    'integration/worker/own-code.test.ts',
    ({ file, headings }) => file === 'docs/worker.md' && headings.includes('Your own workflows'),
  ],
  ['e2e/package.test.ts', ({ headings }) => headings.includes('In your own worker')],
  ['lib/app.test.ts', ({ text }) => text.startsWith("import { RewindControl } from 'rewind'")],
  ['docs/integrations.test.ts', ({ file, language }) => file === 'docs/integrations.md' && language === 'json'],
  ['docs/pages.test.ts, which checks every problem', ({ file }) => file === 'docs/problems.md'],
  ['bin/generate.test.ts, since the generator parses each example', ({ file }) => file === 'docs/cli.md'],
  ['lib/rules.test.ts', ({ file, text }) => file === 'docs/events.md' && text.includes('ToRewindRole')],
];

const blocks = allBlocks();

test('a test covers every block', () => {
  const covered = [isConfiguration, isRequest, isEvent, isNpm, ...elsewhere.map(([, those]) => those)];
  expect(blocks.filter((block) => !covered.some((those) => those(block)))).toEqual([]);
  expect(blocks.length).toBeGreaterThan(30);
});

test.each(blocks.filter(isConfiguration))('$file, $headings: a valid configuration', ({ text }) => {
  const part = JSON.parse(text.startsWith('{') ? text : `{${text.replace(/,\s*$/, '')}}`) as Record<string, object>;
  const config = part['rewind'] ?? (part['triggers'] || part['access'] ? part : { triggers: part });
  expect(() => parseConfig({ namespaces, worker: { namespace: 'prod.a1b2c' }, ...config })).not.toThrow();
});

test.each(blocks.filter(isRequest))('$file, $headings: a valid request', ({ text, headings }) => {
  const schema = {
    Cancel: cancelRequest,
    Terminate: terminateRequest,
    Reset: resetRequest,
    Activities: resetActivityRequest,
    Restart: restartWorkflow.request,
    Pause: pauseWorkflow.request,
    'Update options': updateWorkflowOptions.request,
    'Batch operations': startBatchRequest,
  }[headings.at(-1) ?? ''];
  const request = JSON.parse(text.replaceAll('"…"', '"5fc8c2a7-0240-43d3-84fd-b9e0e1d4cfa3"')) as object;
  expect(z.safeParse(schema!, request)).toMatchObject({ success: true });
});

test.each(blocks.filter(isEvent))('$file: an event as Rewind emits it', ({ text }) => {
  expect(z.safeParse(operationEventDetail, JSON.parse(text))).toMatchObject({ success: true });
});

test('every npm command exists', () => {
  const commands = blocks.filter(isNpm).flatMap(({ text }) => text.trim().split('\n'));
  expect(commands.length).toBeGreaterThan(8);
  for (const command of commands) {
    const [program, first = '', second = ''] = command.split(/\s+/);
    const script = program === 'npm' ? (first === 'run' ? second : first) : first;
    expect(['ci', 'pack', 'version', ...Object.keys({ ...scripts, ...bin })]).toContain(script);
  }
});
