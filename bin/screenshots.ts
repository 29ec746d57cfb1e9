import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Client } from '@temporalio/client';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../local/installed/browser';
import { startConsole } from '../local/processes/console-process';
import type { LocalDetails } from '../local/details';
import { signedRequest } from '../local/signed-request';
import { connectToTemporal } from '../local/temporal/client';
import { shootTranscript, transcriptOf } from './command-picture';

/*
 * `npm run screenshots` writes the pictures of the console and the command to docs/screenshots. It needs a running `npm start`,
 * whose demonstration workflows it shows; the stuck order must not have been repaired yet. With `--png FOLDER`, it writes
 * uncompressed PNG files for review.
 */

const root = path.resolve(__dirname, '..');
const { values } = parseArgs({ options: { png: { type: 'string' } } });
const QUALITY = 0.5;
const BATCH_SIZE = 40;
/** Reason of the last reset in the demonstration. */
const TOUR_REASON = 'wedged by the bad release';

/** A page of the console. */
interface Screen {
  name: string;
  /** Path below the namespace, or a function that prepares what the page shows and returns the path. */
  address: string | (() => Promise<string>);
  /** Text that has to be on the page before the picture is taken. */
  shows: string;
  /** Name of a button to press before the picture is taken. */
  press?: string;
}

const looks = [
  { name: 'light-wide', colorScheme: 'light', width: 1440, height: 900 },
  { name: 'dark-wide', colorScheme: 'dark', width: 1440, height: 900 },
  { name: 'light-narrow', colorScheme: 'light', width: 390, height: 844 },
  { name: 'dark-narrow', colorScheme: 'dark', width: 390, height: 844 },
] as const;

async function main(): Promise<void> {
  const detailsFile = path.join(root, '.rewind/local.json');
  if (!existsSync(detailsFile)) throw new Error('No local stack is up: npm start, in another terminal');
  const details = JSON.parse(readFileSync(detailsFile, 'utf8')) as LocalDetails;
  const folder = path.resolve(root, values.png ?? 'docs/screenshots');
  mkdirSync(folder, { recursive: true });
  const logFile = path.join(details.logFolder, `screenshots-${process.pid}.log`);
  const [served, browser] = await Promise.all([startConsole(detailsFile, { logFile }), launchBrowser()]);
  const { client, close } = await connectToTemporal(details);
  try {
    const screens = await prepare(details, client);
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(served.url);
    await page.getByRole('heading', { name: 'Workflows' }).waitFor();
    const { origin } = new URL(served.url);
    for (const screen of screens) {
      const address = typeof screen.address === 'string' ? screen.address : await screen.address();
      for (const look of looks) {
        const png = await shoot(page, `${origin}/n/${details.namespace}/${address}`, screen, look);
        await write(browser, folder, `${screen.name}-${look.name}`, png);
      }
    }
    const shown = await transcriptOf(commandsAbout(screens), detailsFile);
    for (const colorScheme of ['light', 'dark'] as const) {
      await write(browser, folder, `command-${colorScheme}`, await shootTranscript(browser, shown, colorScheme));
    }
  } finally {
    await Promise.all([browser.close(), close(), served.process.stop()]);
  }
}

async function write(browser: Browser, folder: string, name: string, png: Buffer): Promise<void> {
  if (values.png !== undefined) writeFileSync(path.join(folder, `${name}.png`), png);
  else writeFileSync(path.join(folder, `${name}.webp`), await compressed(browser, png));
}

/** Returns the commands in the picture of the command, for the workflow of the screen "reset": why it is stuck, and a preview of a reset. */
function commandsAbout(screens: Screen[]): string[][] {
  const address = String(screens.find(({ name }) => name === 'reset')?.address);
  const workflowId = new URLSearchParams(address.slice(address.indexOf('?'))).get('workflowId') ?? '';
  return [
    ['show', workflowId],
    ['reset', workflowId, '--to', 'before-failure', '--dry-run'],
  ];
}

/** Prepares what the demonstration does not contain, a batch operation and a rejected event, and returns the screens. */
async function prepare(details: LocalDetails, client: Client): Promise<Screen[]> {
  const { namespace } = details;
  const get = async (below: string, query: Record<string, string>) =>
    (await signedRequest(details, { method: 'GET', path: `/namespaces/${namespace}/${below}`, query })).body;
  const wedged = await get('workflows', { query: "WorkflowType = 'wedgedOrder' AND ExecutionStatus = 'Running'" });
  const [open] = wedged.workflows as { workflowId: string; runId: string }[];
  if (!open) throw new Error('The tour’s wedged order was repaired: start npm start again');
  const resets = await get('operations', { verb: 'reset', state: 'completed' });
  const [reset] = (
    resets.operations as {
      operationId: string;
      workflowId: string;
      runId: string;
      reason: string;
      answer: { newRunId: string };
    }[]
  ).filter(({ reason }) => reason === TOUR_REASON);
  if (!reset) throw new Error('The tour has made no reset');
  const parameters = (given: Record<string, string>) => new URLSearchParams(given).toString();
  return [
    {
      name: 'workflows',
      address: `workflows?${parameters({ query: `TaskQueue = '${details.taskQueue}'` })}`,
      shows: 'workflow task failing',
    },
    {
      name: 'reset',
      address: `workflow?${parameters({ workflowId: open.workflowId, runId: open.runId, to: 'before-failure' })}`,
      shows: 'runs again',
    },
    {
      name: 'workflow',
      address: async () => {
        const workflowId = await startPacking(details, client);
        return `workflow?${parameters({ workflowId })}`;
      },
      shows: 'heartbeat',
    },
    {
      name: 'confirmation',
      address: `workflow?${parameters({ workflowId: open.workflowId, runId: open.runId })}`,
      shows: 'Timeline',
      press: 'Terminate…',
    },
    {
      name: 'runs',
      address: `workflow?${parameters({ workflowId: reset.workflowId, runId: reset.runId, newRun: reset.answer.newRunId })}`,
      shows: 'the workflow completed',
    },
    {
      name: 'new-batch',
      address: `batch-operations/new?${parameters({ action: 'reset', query: "WorkflowType = 'wedgedOrder' AND ExecutionStatus = 'Running'" })}`,
      shows: 'What it will do',
    },
    { name: 'operations', address: 'operations?verb=reset', shows: TOUR_REASON },
    { name: 'operation', address: `operations/${reset.operationId}`, shows: 'requested by' },
    {
      name: 'rejected-events',
      address: async () => {
        await putBadEvent(details);
        return 'rejected-events';
      },
      shows: 'order-withdrawn',
    },
    {
      name: 'batch-operation',
      address: async () => `batch-operations/${await startBatch(details, client)}`,
      shows: `of ${BATCH_SIZE}`,
    },
    { name: 'batch-operations', address: 'batch-operations', shows: 'stop sending' },
  ];
}

/** Starts a workflow with an activity that heartbeats. @returns the workflow id */
async function startPacking({ taskQueue }: LocalDetails, client: Client): Promise<string> {
  const workflowId = `order-${Date.now().toString(36)}`;
  await client.workflow.start('cancellableOrder', { workflowId, taskQueue, args: [{ orderId: workflowId }] });
  await sleep(5000);
  return workflowId;
}

async function putBadEvent({
  awsEndpointUrl,
  region,
  credentials,
  eventBusName,
  eventSource,
}: LocalDetails): Promise<void> {
  const events = new EventBridgeClient({ endpoint: awsEndpointUrl, region, credentials });
  const entry = {
    EventBusName: eventBusName,
    Source: eventSource,
    DetailType: 'OrderWithdrawn',
    Detail: '{"order": 7}',
  };
  await events.send(new PutEventsCommand({ Entries: [entry] }));
  events.destroy();
}

/** Starts a batch operation and waits until it has processed some workflows. @returns its operation id */
async function startBatch(details: LocalDetails, client: Client): Promise<string> {
  const type = 'sendReminder';
  const starts = Array.from({ length: BATCH_SIZE }, (_, index) =>
    client.workflow.start(type, { workflowId: `reminder-${Date.now()}-${index}`, taskQueue: 'reminders' }),
  );
  const workflows = (await Promise.all(starts)).map(({ workflowId }) => workflowId);
  const { body } = await signedRequest(details, {
    method: 'POST',
    path: `/namespaces/${details.namespace}/batch-operations`,
    body: {
      action: 'terminate',
      workflows,
      reason: 'stop sending',
      ratePerSecond: 1,
      canary: { count: 3, waitSeconds: 1 },
    },
  });
  await sleep(8000);
  return String(body.operationId);
}

async function shoot(
  page: Page,
  address: string,
  { shows, press }: Screen,
  { colorScheme, width, height }: (typeof looks)[number],
): Promise<Buffer> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.setViewportSize({ width, height });
  await page.goto(address);
  await page.getByText(shows).first().waitFor();
  await page.locator('.busy').first().waitFor({ state: 'detached' });
  if (press !== undefined) await page.getByRole('button', { name: press }).click();
  // The list of workflows loads the status of open workflows after the list itself.
  await sleep(700);
  // A dialog only covers the visible part of the page.
  return page.screenshot({ fullPage: width < 760 && press === undefined });
}

/** Converts a PNG to WebP in the browser. */
async function compressed(browser: Browser, png: Buffer): Promise<Buffer> {
  const page = await browser.newPage();
  const url = (await page.evaluate(
    `(async () => {
      const image = new Image();
      image.src = ${JSON.stringify(`data:image/png;base64,${png.toString('base64')}`)};
      await image.decode();
      const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
      canvas.getContext('2d').drawImage(image, 0, 0);
      return canvas.toDataURL('image/webp', ${QUALITY});
    })()`,
  )) as string;
  await page.close();
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}

// Suppresses the AWS SDK's warning about future Node.js versions, which does not help users of this script.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

void main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
