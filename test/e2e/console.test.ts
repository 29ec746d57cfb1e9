import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AttachUserPolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { Client } from '@temporalio/client';
import { source as axeSource } from 'axe-core';
import type { Browser, Page, Route } from 'playwright-core';
import { createUser } from '../../local/ministack/aws-setup';
import { launchBrowser } from '../../local/installed/browser';
import { describeInBrowser, openPage, startConsole } from '../support/console';
import type { RunningConsole } from '../support/console';
import { eventually } from '../support/eventually';
import { localStack } from '../support/local-stack';
import { testTriggers } from '../support/test-triggers';
import { RewindApi } from '../support/rewind-api';
import { rewindCommand } from '../support/rewind-command';
import {
  completeWorkflow,
  failWorkflow,
  localActivityMarker,
  marker,
  scheduleActivity,
  ScriptedWorkflow,
} from '../support/scripted-workflow';

/* `rewind console` in a browser: the built command, the built page, the deployed API. */

describeInBrowser('the console', () => {
  const { api, connection, details, idle: startIdle, putEvent, visible } = localStack();
  const rewind = rewindCommand();
  const { namespace } = details;
  let browser: Browser;
  let served: RunningConsole;
  let page: Page;
  let errors: string[];

  beforeAll(async () => {
    [browser, served] = await Promise.all([launchBrowser(), startConsole(rewind)]);
    ({ page, errors } = await openPage(browser));
    await page.goto(served.url);
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), served?.stop()]);
  });
  afterEach(() => {
    if (errors.length > 0) throw new Error(`The page has errors: ${errors.splice(0).join('\n')}`);
  });

  const open = (view: string, parameters: Record<string, string> = {}, where = namespace) =>
    page.goto(`${served.origin}/n/${where}/${view}?${new URLSearchParams(parameters).toString()}`);
  const idle = async (...how: Parameters<typeof startIdle>) => (await startIdle(...how)).workflowId;

  /** A workflow whose task fails after an activity that went well. */
  async function wedged(): Promise<ScriptedWorkflow> {
    const workflow = await ScriptedWorkflow.start(connection, { where: namespace, type: `wedged-${randomUUID()}` });
    await workflow.completeTask(scheduleActivity('reserveStock', workflow.taskQueue));
    await workflow.completeActivity();
    await workflow.failTask('the code does not fit the history');
    return workflow;
  }

  test('removes the used token from the address; it signs in one browser only', async () => {
    await page.getByRole('heading', { name: 'Workflows' }).waitFor();
    expect(page.url()).toBe(`${served.origin}/n/${namespace}/workflows`);
    const other = await openPage(browser);
    await other.page.goto(served.url);
    await other.page.getByText('This browser is not signed in').waitFor();
    await other.page.context().close();
  });

  test('opens a workflow by an id that is not in its lists, and an operation by the id in a reason of history', async () => {
    const workflowId = await idle(`order/1?&${randomUUID()}`);
    const { body } = await api.cancel({ workflowId, reason: 'withdrawn' });
    await open('batch-operations');
    const openById = async (id: string) => {
      const field = page.getByRole('searchbox', { name: 'Open a workflow or an operation by its id' });
      await field.fill(id);
      await field.press('Enter');
      expect(await field.inputValue()).toBe('');
    };
    await openById(` ${workflowId} `);
    await page.getByRole('heading', { name: workflowId }).waitFor();
    await page.getByText('Running', { exact: true }).first().waitFor();
    await openById(body.operationId);
    await page.getByRole('heading', { name: `cancel ${workflowId}` }).waitFor();
    await openById(`none-${workflowId}`);
    await page.getByRole('alert').getByText(`none-${workflowId}`).waitFor();
  });

  test('resets a stuck workflow in at most five clicks from the list', async () => {
    const workflow = await wedged();
    const { workflowId } = workflow;
    await open('workflows', { query: `WorkflowId = '${workflowId}'` });
    let clicks = 0;
    const click = async (role: 'link' | 'button', name: string | RegExp) => {
      await page.getByRole(role, { name }).click();
      clicks += 1;
    };
    await page.getByText('workflow task failing').waitFor();
    await click('link', workflowId);
    await page.getByText('the code does not fit the history').first().waitFor();
    await page.getByText(workflow.runId, { exact: true }).waitFor();
    await page.getByTitle('reserveStock').first().waitFor();
    expect(await page.getByTitle('undefined').count()).toBe(0);
    await click('button', 'Reset to before the failure');
    const panel = page.getByRole('complementary', { name: 'Reset' });
    expect(await panel.getByText('runs again').locator('xpath=..').textContent()).toContain('reserveStock');
    await panel.getByLabel('Reason').fill('wedged by a release');
    await click('button', `Reset ${workflowId} in local`);

    const newRun = page.getByRole('region', { name: 'New run', exact: true });
    await newRun.getByText('Running').waitFor();
    expect(clicks).toBeLessThanOrEqual(5);
    const { body } = await api.operations(workflowId);
    expect(body.operations).toMatchObject([{ verb: 'reset', state: 'completed', reason: 'wedged by a release' }]);

    // The page shows both runs and follows the new one.
    await page.getByRole('region', { name: 'Old run', exact: true }).getByText('Terminated', { exact: true }).waitFor();
    const newRunId = new URL(page.url()).searchParams.get('newRun') ?? '';
    // Whole, because people search logs for it.
    await newRun.getByRole('link', { name: newRunId, exact: true }).waitFor();
    await page.getByText(`Reset ${workflowId}: new run ${newRunId}`).waitFor();
    await workflow.withRunId(newRunId).completeTask(completeWorkflow);
    await newRun.getByText('It ended as Completed.').waitFor();
    await newRun.getByText('the workflow completed').waitFor();
  });

  test('on a narrow screen the panel comes into sight from its top, and stays there once the preview arrives', async () => {
    const { workflowId, runId } = await wedged();
    await page.setViewportSize({ width: 390, height: 844 });
    await open('workflow', { workflowId, runId, to: 'last' });
    const panel = page.getByRole('complementary', { name: 'Reset' });
    await panel.getByRole('heading', { name: 'Reset to event' }).waitFor();

    expect(await panel.evaluate((element) => element.getBoundingClientRect().top)).toBeCloseTo(0, 0);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test('a reload during an operation resends it under its key; it executes once', async () => {
    const workflow = await wedged();
    const { workflowId, runId } = workflow;
    await open('workflow', { workflowId, runId, to: 'last' });
    const panel = page.getByRole('complementary', { name: 'Reset' });
    await panel.getByText('Another point').click();
    await panel.getByLabel('In the format of rewind reset --to').fill('before-activity=notThere');
    await panel.getByRole('button', { name: 'Preview', exact: true }).click();
    await panel.getByRole('alert').getByText('has scheduled no such activity').waitFor();
    await panel.getByLabel('In the format of rewind reset --to').fill('before-activity=reserveStock');
    await panel.getByRole('button', { name: 'Preview', exact: true }).click();
    await panel.getByRole('heading', { name: 'Reset to event 4' }).waitFor();
    await panel.getByText('More options').click();
    await panel.getByLabel('Worker version').fill('newest');
    await panel.getByLabel('Signal to the new run').fill('repaired');
    await panel.getByLabel('argument, as JSON').fill('{"by":"hand"');
    await panel.getByLabel('Carry over signals').uncheck();
    await page.getByLabel('Reason').fill('once');
    await page.getByRole('button', { name: `Reset ${workflowId}` }).click();
    await panel.getByText('is neither autoUpgrade nor DEPLOYMENT:BUILD').waitFor();
    await panel.getByLabel('Worker version').fill('');
    await page.getByRole('button', { name: `Reset ${workflowId}` }).click();
    await panel.getByText('is not JSON').waitFor();
    await panel.getByLabel('argument, as JSON').fill('{"by":"hand"}');
    const command = await panel.getByRole('button', { name: 'Copy as rewind command' }).getAttribute('data-text');
    expect(command).toContain(`--exclude signals --then-signal repaired --signal-input '{"by":"hand"}' --reason once`);
    let sent = 0;
    const keys = new Set<string>();
    await page.route('**/api/resetWorkflow', async (route) => {
      const request = route.request();
      if (request.postData()?.includes('dryRun')) return route.continue();
      sent += 1;
      keys.add(request.headers()['idempotency-key'] ?? '');
      // The response to the first does not arrive.
      return sent === 1 ? void (await route.fetch()) : route.continue();
    });
    await page.getByRole('button', { name: `Reset ${workflowId}` }).click();
    await eventually(
      async () => (await api.operations(workflowId)).body.operations[0]?.state === 'completed' || undefined,
      'the reset',
    );
    await page.reload();
    await page.getByText('The same request was sent before').waitFor();
    await page.getByText('Signal repaired was sent to the new run.').waitFor();
    await page.unroute('**/api/resetWorkflow');
    expect({ sent, keys: keys.size }).toEqual({ sent: 2, keys: 1 });
    const asked = { thenSignal: { signalName: 'repaired', input: { by: 'hand' } }, excludeReapply: ['signals'] };
    expect((await api.operations(workflowId)).body.operations).toMatchObject([{ request: asked }]);

    // In another tab the address shows, and sends nothing.
    const other = await page.context().newPage();
    await other.goto(page.url());
    await other.getByText('Nothing was sent from here').waitFor();
    await other.close();
  });

  /** Opens the dialog for a termination, confirms it, and counts the requests that the page sends. */
  async function terminateThrough(workflowId: string, respond: (route: Route, sent: number) => Promise<void>) {
    const requests: (string | undefined)[] = [];
    await page.route('**/api/terminateWorkflow', (route) =>
      respond(route, requests.push(route.request().headers()['idempotency-key'])),
    );
    await open('workflow', { workflowId });
    await page.getByRole('button', { name: 'Terminate…' }).click();
    await page.getByLabel('Reason').fill('withdrawn');
    await page.getByLabel('to confirm').fill(workflowId);
    await page.getByRole('button', { name: `Terminate ${workflowId} in local` }).click();
    return requests;
  }
  const refusal = (route: Route) =>
    route.fulfill({
      status: 403,
      json: {
        type: 'urn:rewind:problem:expired-credentials',
        explained: { message: 'The AWS credentials have expired.', hints: ['aws login'], isUnknown: false },
      },
    });

  test('a change that was refused is not sent again by the Back button or a reload', async () => {
    const workflowId = await idle();
    const requests = await terminateThrough(workflowId, refusal);
    const box = page.getByRole('region', { name: 'Change' });
    await box.getByText(`Terminate ${workflowId}: refused`).waitFor();
    await page.unroute('**/api/terminateWorkflow');
    await page.getByRole('link', { name: 'Operations', exact: true }).click();
    await page.getByRole('heading', { name: 'Operations' }).waitFor();

    await page.goBack();
    await box.getByText('It was not sent again.').waitFor();
    await page.reload();
    await box.getByText('It was not sent again.').waitFor();
    await box.getByText('The AWS credentials have expired.').waitFor();
    expect(requests).toHaveLength(1);
    expect((await api.describe(workflowId)).body.status).toBe('Running');
  });

  test('a lost response and then a refusal: the outcome is unknown until the request is sent again under its key', async () => {
    const workflowId = await idle();
    const requests = await terminateThrough(workflowId, async (route, sent) => {
      if (sent === 1) return route.fetch().then(() => route.abort());
      return sent === 2 ? refusal(route) : route.continue();
    });
    const box = page.getByRole('region', { name: 'Change' });
    await box.getByText(`Terminate ${workflowId}: it is unknown whether this was done`).waitFor();
    await box.getByText('The AWS credentials have expired.').waitFor();
    // A tab that the browser restores on another day sends nothing by itself.
    await page.evaluate(`for (const [key, change] of Object.entries(sessionStorage))
      sessionStorage[key] = change.replace(/"preparedAt":\\d+/, '"preparedAt":1')`);
    await page.reload();
    await box.getByText('is not sent again by itself').waitFor();
    expect(requests).toHaveLength(2);
    await box.getByRole('button', { name: 'Send it again under the same key' }).click();
    await box.getByText('The same request was sent before. This is its first result.').waitFor();
    await page.unroute('**/api/terminateWorkflow');
    expect({ sent: requests.length, keys: new Set(requests).size }).toEqual({ sent: 3, keys: 1 });
  });

  test('a page of an earlier console for another context cannot change anything through a later one on its port', async () => {
    const { accessKeyId, secretAccessKey } = details.credentials;
    const env = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
    const place = ['--api-url', details.apiUrl, '--region', details.region, '-n', namespace];
    await rewind.run(['context', 'add', 'staging', ...place]);
    const staging = await startConsole(rewind, ['--context', 'staging'], env);
    const workflowId = await idle();
    await api.terminate({ workflowId, reason: 'ended' });
    const { page: old } = await openPage(browser);
    await old.goto(staging.url);
    // It does not read a closed run again, so it does not notice that the console has ended.
    await old.goto(`${staging.origin}/n/${namespace}/workflow?workflowId=${workflowId}`);
    await old.getByRole('button', { name: 'Restart…' }).click();
    await old.getByLabel('Reason').fill('only in staging');
    await staging.stop();
    const later = await startConsole(rewind, ['--context', 'local', '--port', new URL(staging.origin).port]);
    const current = await old.context().newPage();
    await current.goto(later.url);
    await current.getByRole('heading', { name: 'Workflows' }).waitFor();

    await old.getByRole('button', { name: `Restart ${workflowId} in staging` }).click();
    await old.getByText(`This page was opened for namespace ${namespace} in context staging.`).waitFor();
    await old.getByRole('button', { name: 'Reload' }).click();
    await old.getByText('Nothing was sent from here').waitFor();
    expect((await api.operations(workflowId)).body.operations).toMatchObject([{ verb: 'terminate' }]);
    await Promise.all([old.context().close(), later.stop()]);
  });

  test('sets a version; a termination requires the typed id; buttons name their action', async () => {
    const workflowId = await idle();
    await open('workflow', { workflowId });
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Pause…' }).click();
    await dialog.getByLabel('Until').fill('2031-01-31T12:00');
    const pause = await dialog.getByRole('button', { name: 'Copy as rewind command' }).getAttribute('data-text');
    expect(pause).toContain(`--until ${new Date('2031-01-31T12:00').toISOString()} --reason`);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Version…' }).click();
    await dialog.getByLabel('Reason').fill('the fixed version is deployed');
    const setVersion = dialog.getByRole('button', { name: `Set the worker version of ${workflowId} in local` });
    await dialog.getByLabel('Worker version').fill('newest');
    await setVersion.click();
    await dialog.getByText('is neither autoUpgrade nor DEPLOYMENT:BUILD').waitFor();
    await dialog.getByLabel('Worker version').fill('autoUpgrade');
    await setVersion.click();
    await page.getByText(`Set the worker version of ${workflowId}: `).waitFor();
    expect((await api.operations(workflowId)).body.operations).toMatchObject([
      { verb: 'updateOptions', outcome: 'updated', request: { versioningOverride: 'autoUpgrade' } },
    ]);
    await page.getByRole('button', { name: 'Terminate…' }).click();
    expect(await violationsOf(page)).toEqual([]);
    const button = dialog.getByRole('button', { name: `Terminate ${workflowId} in local` });
    await dialog.getByLabel('Reason').fill('not needed');
    await dialog.getByLabel('to confirm').fill(workflowId.slice(1));
    expect(await button.isDisabled()).toBe(true);
    await dialog.getByLabel('to confirm').fill(workflowId);
    const command = await dialog.getByRole('button', { name: 'Copy as rewind command' }).getAttribute('data-text');
    expect(command).toMatch(
      new RegExp(`^rewind terminate ${workflowId} -r \\S+ --reason 'not needed' --context local -n ${namespace}$`),
    );
    await button.click();
    await page.getByText('Terminated', { exact: true }).first().waitFor();
    expect((await api.describe(workflowId)).body.status).toBe('Terminated');
  });

  test('starts a batch operation from several selected workflows', async () => {
    const type = `several-${randomUUID()}`;
    const ids = await Promise.all(['a', 'b', 'c'].map((name) => idle(`${type}-${name}`, type)));
    const query = `WorkflowType = '${type}'`;
    await visible(query, 3);
    await open('workflows', { query });
    const changes = page.getByRole('group', { name: 'Changes' });
    await page.getByLabel(`Select ${ids[2]}`).waitFor();
    await page.getByLabel('Select all shown').check();
    await page.getByLabel(`Select ${ids[1]}`).uncheck();
    await changes.getByText('2 workflows selected').waitFor();
    await changes.getByRole('button', { name: 'Terminate…' }).click();
    await page.getByRole('button', { name: 'Terminate 2 workflows in local' }).waitFor();
    expect(new URL(page.url()).searchParams.getAll('workflowId').toSorted()).toEqual([ids[0], ids[2]]);
  });

  test('restarts a terminated workflow', async () => {
    // The filters show the newest of a namespace: here in one where no other test starts workflows.
    const elsewhere = Object.keys(details.secretArns).find((name) => name.startsWith('another.')) ?? '';
    const there = new RewindApi({ ...details, namespace: elsewhere });
    const { workflow } = new Client({ connection, namespace: elsewhere });
    const workflowId = `idle-${randomUUID()}`;
    const handle = await workflow.start('idle', { workflowId, taskQueue: workflowId });
    await handle.terminate();
    await open('workflow', { workflowId }, elsewhere);
    await page.getByRole('button', { name: 'Restart…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('started too early');
    const command = await dialog.getByRole('button', { name: 'Copy as rewind command' }).getAttribute('data-text');
    expect(command).toMatch(new RegExp(`^rewind restart ${workflowId} -r \\S+ --reason 'started too early'`));
    await dialog.getByRole('button', { name: `Restart ${workflowId} in local` }).click();
    await eventually(async () => (await there.describe(workflowId)).body.status === 'Running');

    // The list of this caller's operations contains it.
    const [restart] = (await there.operations(workflowId)).body.operations;
    await open('workflows', {}, elsewhere);
    await page.getByRole('button', { name: 'Changed by me' }).click();
    await page.getByLabel('Your name in the ledger').fill(restart?.actor.id.split('/').at(-1) ?? '');
    await page.getByRole('button', { name: 'Use it' }).click();
    await page.getByRole('link', { name: workflowId }).first().waitFor();
    await page.getByText('Changed by rewind-operator in the last 7 days').waitFor();

    // No worker takes the cancellation.
    await there.cancel({ workflowId, reason: 'to be found' });
    for (const filter of ['Cancel requested, still open', 'Task failing or stuck']) {
      await page.getByRole('button', { name: filter }).click();
      await page.getByRole('button', { name: filter, pressed: true }).waitFor();
      const row = page.getByRole('row').filter({ hasText: workflowId }).filter({ hasText: 'Running' });
      await row.getByText('no poller').waitFor();
    }
    // That none is stuck is not known while none can be described.
    await page.route('**/api/describeWorkflow', unavailable);
    await page.reload();
    await page.getByRole('alert').getByText('Temporal did not respond in time.').waitFor();
    expect(await page.getByText('open workflows is stuck').count()).toBe(0);
    await page.unroute('**/api/describeWorkflow');
  });

  test('a new batch operation moves workflows to another version, and reports that it cannot pause them', async () => {
    const workflowId = await idle();
    await open('batch-operations/new', { action: 'updateOptions', workflowId });
    await page.getByRole('textbox', { name: 'Worker version' }).fill('none');
    await page.getByLabel('Reason').fill('a test');
    const command = page.getByRole('button', { name: 'Copy as rewind command' }).last();
    await eventually(async () => (await command.getAttribute('data-text'))?.includes('--versioning none'));
    expect(await command.getAttribute('data-text')).toContain(`rewind batch start update-options ${workflowId}`);
    await page.getByRole('button', { name: 'Set the worker version of 1 workflow in local' }).waitFor();

    await page.getByLabel('Action').selectOption('pause');
    await page.getByRole('alert').filter({ hasText: 'cannot pause workflows' }).waitFor();
  });

  test('starts a batch operation from a query after its count is typed, and shows its progress', async () => {
    const type = `console-${randomUUID()}`;
    const ids = await Promise.all(['a', 'b', 'c'].map((name) => idle(`${type}-${name}`, type)));
    const query = `WorkflowType = '${type}'`;
    await visible(query, 3);
    await open('batch-operations/new', { action: 'terminate', query });
    await page.getByText('More options').click();
    await page.getByLabel('Canary: number').fill('1');
    // So long that the page shows it, however busy the machine is.
    await page.getByLabel('Seconds to follow the canary').fill('20');
    await page.getByLabel('Reason').fill('a test');
    await page.getByLabel('Type 3 to confirm').fill('3');
    await page.getByRole('button', { name: 'Terminate 3 workflows in local' }).click();
    await page.getByText('waiting: 0 of the first 1 failed so far; decided at').waitFor();
    await page.getByText('1 of 3').waitFor();
    await page.getByText('passed: 0 of the first 1 failed').waitFor();
    await page.getByText('3 of 3').waitFor();
    await page.getByRole('link', { name: ids[0] ?? '' }).waitFor();
    await page.getByRole('link', { name: 'Batch operations' }).click();
    await page.getByRole('link', { name: 'terminate: a test' }).first().waitFor();
    const statuses = await Promise.all(ids.map(async (id) => (await api.describe(id)).body.status));
    expect(statuses).toEqual(['Terminated', 'Terminated', 'Terminated']);
  });

  /** Opens the form of a batch operation on these, and starts it. */
  async function terminateAll(ids: string[], rate: string): Promise<void> {
    const search = new URLSearchParams({ action: 'terminate', rate });
    for (const id of ids) search.append('workflowId', id);
    await page.goto(`${served.origin}/n/${namespace}/batch-operations/new?${search.toString()}`);
    await confirm(/^Terminate \d+ workflows? in local/, String(ids.length));
  }

  async function confirm(button: string | RegExp, typed?: string): Promise<void> {
    await page.getByLabel('Reason').fill('a test');
    if (typed !== undefined) await page.getByLabel('to confirm').fill(typed);
    await page.getByRole('button', { name: button }).click();
  }

  test('suspends, resumes and stops a batch operation', async () => {
    // So slow that it has not ended however busy the machine is.
    await terminateAll(await Promise.all(Array.from({ length: 6 }, () => idle())), '0.05');
    await page.getByRole('button', { name: 'Suspend…' }).click();
    const suspended = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    // Another person is faster.
    expect((await api.suspendBatch(suspended, 'by another')).status).toBe(200);
    await confirm('Suspend the batch operation in local');
    await page.getByText('already suspended, 6 matched. Nothing was done').waitFor();
    await page.getByText(/: suspended, by rewind-operator: by another$/).waitFor();
    await page.getByRole('button', { name: 'Resume…' }).click();
    await confirm('Resume the batch operation in local');
    await page.getByRole('button', { name: 'Suspend…' }).waitFor();
    await page.getByRole('button', { name: 'Stop…' }).click();
    // The list is read once more after the end, to include items in flight.
    const items = '**/api/listBatchItems';
    const hold = async (route: Route) => {
      await page.locator('.status-cancelled').waitFor();
      await route.continue();
    };
    await Promise.all([page.waitForRequest(items), page.route(items, hold, { times: 1 })]);
    await Promise.all([page.waitForRequest(items), confirm('Stop the batch operation in local')]);
    await page.locator('.status-cancelled').waitFor();
    const operationId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    expect((await api.get(`batch-operations/${operationId}`)).body).toMatchObject({ state: 'cancelled', matched: 6 });
    await page.getByRole('button', { name: /^Retry the \d that were not begun…$/ }).waitFor();
    await page.getByRole('button', { name: 'Not begun', exact: true }).click();
    await page.locator('.status-notBegun').first().waitFor();
  });

  test('the preview of a batch operation names others that have not ended, and keeps the form while Temporal is down', async () => {
    const type = `twice-${randomUUID()}`;
    await Promise.all([idle(`${type}-a`, type), idle(`${type}-b`, type)]);
    const query = `WorkflowType = '${type}'`;
    await visible(query, 2);
    const { body } = await api.startBatch({ action: 'cancel', query, reason: 'the first', ratePerSecond: 0.01 });
    await open('batch-operations/new', { query, action: 'terminate' });
    const preview = page.getByRole('region', { name: 'Preview' });
    await preview.getByText(`Batch cancel ${body.operationId} is running and has the same query: `).waitFor();
    await preview.getByLabel('Reason').fill('to be kept');
    await page.route('**/api/previewBatchTermination', unavailable);
    await preview.getByText('Temporal did not respond in time.').waitFor();
    await preview.getByText('What is shown was read at').waitFor();
    expect(await preview.getByLabel('Reason').inputValue()).toBe('to be kept');
    await page.unroute('**/api/previewBatchTermination');
    await preview.getByRole('link', { name: body.operationId }).click();
    await page.getByText(query, { exact: true }).waitFor();
    await api.cancelBatch(body.operationId, 'end of test');
  });
  const unavailable = (route: Route) =>
    route.fulfill({
      status: 504,
      json: { type: 'urn:rewind:problem:temporal-timeout', detail: 'Temporal did not respond in time.' },
    });

  test('retries the failed items of a batch operation', async () => {
    await terminateAll(['not-there'], '20');
    await page.getByText('workflow-not-found: not-there:').waitFor();
    await page.getByRole('button', { name: 'Retry the 1 that failed…' }).click();
    await confirm('Retry 1 workflow in local', '1');
    await page.getByRole('link', { name: 'The batch operation', exact: true }).click();
    await page.getByText('1 of 1').waitFor();
    const operationId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    expect((await api.get(`batch-operations/${operationId}`)).body).toMatchObject({
      matched: 1,
      failed: { 'workflow-not-found': 1 },
    });
  });

  test('lists a rejected event with its reason, and redrives it', async () => {
    const { trigger, source } = testTriggers.console;
    const eventId = await putEvent(source, 'OrderWithdrawn', { order: randomUUID() });
    await open('rejected-events');
    await page.getByLabel(`Select event ${eventId}`).check();
    await page.getByRole('button', { name: 'Redrive…' }).click();
    await page.getByLabel('Reason').fill('a test');
    await page.getByLabel('Type 1 to confirm').fill('1');
    await page.getByRole('button', { name: 'Redrive 1 event in local' }).click();
    await page.getByText('1 sent again').waitFor();
    const row = page.getByRole('row').filter({ has: page.getByLabel(`Select event ${eventId}`) });
    // It fails again for the same reason; until then the list does not contain it.
    await row.filter({ hasText: 'redriven 1×' }).locator('.status-rejected').waitFor();
    expect(await row.textContent()).toContain('$.detail.orderId');

    await page.getByLabel('Trigger').fill(trigger);
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('button', { name: `Redrive all of ${trigger}…` }).click();
    const dialog = page.getByRole('dialog');
    const command = await dialog.getByRole('button', { name: 'Copy as rewind command' }).getAttribute('data-text');
    expect(command).toContain(`rewind events redrive --trigger ${trigger} --reason`);
    await confirm(`Redrive 1 event of ${trigger} in local`, '1');
    await page.getByText('1 sent again').waitFor();
    await row.getByText('redriven 2×').waitFor();
    await page.getByRole('link', { name: 'Without a configured namespace' }).click();
    await page.waitForURL('**/n/_unknown/rejected-events');
    await page.getByText(/^No rejected event matches|Select events to send/).waitFor();
    await page.getByRole('link', { name: 'Workflows' }).click();
    await page.waitForURL(`**/n/${namespace}/workflows`);
  });

  test('shows what IAM denies with the roles that would allow it; a preview needs the role of its action', async () => {
    const iam = new IAMClient({
      endpoint: details.awsEndpointUrl,
      region: details.region,
      credentials: { ...details.credentials },
    });
    const PolicyArn = details.accessPolicyArns['AccessPolicyCanceller'];
    const keys = await createUser(iam, `canceller-${randomUUID()}`, (UserName) =>
      iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn })),
    );
    iam.destroy();
    const place = ['--api-url', details.apiUrl, '--region', details.region, '-n', namespace];
    const env = { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey };
    await rewind.run(['context', 'add', 'prod', ...place]);
    const cancellers = await startConsole(rewind, ['--context', 'prod'], env);
    const canceller = await openPage(browser);
    const workflowId = await idle();
    await canceller.page.goto(cancellers.url);
    await canceller.page.goto(`${cancellers.origin}/n/${namespace}/workflow?workflowId=${workflowId}`);
    // A production context shows, and the button names it.
    await canceller.page.getByRole('banner').getByText('PRODUCTION').waitFor();
    await canceller.page.getByRole('button', { name: 'Terminate…' }).click();
    await canceller.page.getByLabel('Reason').fill('not allowed');
    await canceller.page.getByLabel('to confirm').fill(workflowId);
    await canceller.page.getByRole('button', { name: `Terminate ${workflowId} in prod` }).click();
    const alert = canceller.page.getByRole('alert');
    await alert.getByText('Not allowed').waitFor();
    expect(await alert.textContent()).toContain('Roles that allow it: terminator');
    expect((await api.describe(workflowId)).body.status).toBe('Running');
    const batch = `${cancellers.origin}/n/${namespace}/batch-operations/new`;
    await canceller.page.goto(`${batch}?action=cancel&workflowId=${workflowId}`);
    await canceller.page.getByRole('region', { name: 'Preview' }).getByText('1 workflow', { exact: true }).waitFor();
    await Promise.all([canceller.page.context().close(), cancellers.stop()]);
  });

  test('in a production context a reset requires the typed id, and the header has another colour', async () => {
    const place = ['--api-url', details.apiUrl, '--region', details.region, '-n', namespace];
    await rewind.run(['context', 'add', 'live', ...place]);
    const { accessKeyId, secretAccessKey } = details.credentials;
    const env = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
    const live = await startConsole(rewind, ['--context', 'live'], env);
    const production = await openPage(browser);
    const { workflowId } = await wedged();
    await production.page.goto(live.url);
    await production.page.goto(`${live.origin}/n/${namespace}/workflow?workflowId=${workflowId}&to=last`);
    const panel = production.page.getByRole('complementary', { name: 'Reset' });
    await panel.getByLabel('Reason').fill('in production');
    const button = panel.getByRole('button', { name: `Reset ${workflowId} in live` });
    expect(await button.isDisabled()).toBe(true);
    expect(await violationsOf(production.page)).toEqual([]);
    const colourOf = (one: Page) => one.evaluate('getComputedStyle(document.querySelector("header")).backgroundColor');
    expect(await colourOf(production.page)).not.toBe(await colourOf(page));
    await panel.getByLabel('to confirm').fill(workflowId);
    await button.click();
    await production.page.getByRole('region', { name: 'New run', exact: true }).waitFor();
    await Promise.all([production.page.context().close(), live.stop()]);
  });

  test('shows attempts and last failure of a pending activity, and pauses, unpauses and retries it', async () => {
    const workflow = await ScriptedWorkflow.start(connection, { where: namespace });
    const { workflowId, taskQueue } = workflow;
    const retried = { activityId: 'charge-1', attempts: 9, retryIntervalSeconds: 500 };
    await workflow.completeTask(scheduleActivity('chargeCard', taskQueue, retried));
    await workflow.failActivity('the card service is down', { retryable: true });
    await open('workflow', { workflowId });
    const section = page.getByRole('region', { name: 'Pending activities' });
    await section.getByText('the card service is down').waitFor();
    await section.getByText('attempt 2').waitFor();
    const finding = 'Activity chargeCard has failed, and is on attempt 2: the card service is down.';
    await page.getByText(finding).waitFor();
    expect(await page.getByText('Nothing shows that it is stuck.').count()).toBe(0);
    const runNow = page.getByRole('button', { name: 'Run chargeCard now', exact: true });
    await runNow.click();
    await page.getByRole('dialog', { name: `Reset activity chargeCard of ${workflowId}` }).waitFor();
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await runNow.evaluate('document.activeElement.textContent')).toBe('Run chargeCard now');
    await section.getByRole('button', { name: 'Pause… chargeCard', exact: true }).click();
    await confirm(`Pause activity chargeCard of ${workflowId} in local`);
    await section.getByText('Paused', { exact: true }).waitFor();
    await section.getByRole('button', { name: 'Unpause… chargeCard' }).click();
    await confirm(`Unpause activity chargeCard of ${workflowId} in local`);
    await section.getByText('Scheduled', { exact: true }).waitFor();
    await section.getByRole('button', { name: 'Run now… chargeCard' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Drop the heartbeat details').check();
    const command = await dialog.getByRole('button', { name: 'Copy as rewind command' }).getAttribute('data-text');
    expect(command).toContain('activity reset');
    expect(command).toContain('--activity-id charge-1 --reset-heartbeats --reason');
    await confirm(`Reset activity chargeCard of ${workflowId} in local`);
    await section.getByText('attempt 1').waitFor();
    const { body } = await api.operations(workflowId);
    expect(body.operations).toMatchObject([
      { verb: 'resetActivity', request: { activityId: 'charge-1', resetHeartbeat: true } },
      { verb: 'unpauseActivity' },
      { verb: 'pauseActivity' },
    ]);
  });

  test('reports an unreachable API, keeps the data it has read, and recovers', async () => {
    const standIn = await startStandIn(api, namespace);
    const place = ['--api-url', standIn.url, '--region', details.region, '-n', namespace];
    const through = await startConsole(rewind, place, { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' });
    const workflowId = await idle();
    const lost = await openPage(browser);
    await lost.page.goto(through.url);
    await lost.page.goto(`${through.origin}/n/${namespace}/workflow?workflowId=${workflowId}`);
    await lost.page.getByText('the workflow started').waitFor();
    await lost.page.clock.install();
    await standIn.stop();
    await lost.page.getByText('No response since').waitFor();
    expect(await lost.page.getByText('the workflow started').isVisible()).toBe(true);
    // A change is not sent for so long that the user has forgotten it.
    await lost.page.getByRole('button', { name: 'Terminate…' }).click();
    await lost.page.getByLabel('Reason').fill('withdrawn');
    await lost.page.getByLabel('to confirm').fill(workflowId);
    await lost.page.getByRole('button', { name: /^Terminate .* in / }).click();
    const box = lost.page.getByRole('region', { name: 'Change' });
    await box.getByText('To stop sending it, close this message.').waitFor();
    await lost.page.clock.fastForward(181_000);
    await box.getByText('is not sent again by itself').waitFor();
    await standIn.listen();
    await lost.page.getByText('No response since').waitFor({ state: 'detached' });
    standIn.isSilent = true;
    await lost.page.getByText('The API may need up to 35 s. What is shown may be old.').waitFor();
    await Promise.all([lost.page.context().close(), through.stop()]);
    await standIn.stop();
  });

  test('renders ids, types, reasons and failures as text, whatever they contain', async () => {
    const script = '<img src=x onerror=document.title=`run`><script>document.title=`run`</script>';
    const workflowId = `${script} ${randomUUID()}`;
    const workflow = await ScriptedWorkflow.start(connection, { where: namespace, workflowId, type: script });
    await workflow.completeTask(failWorkflow(script));
    await eventually(
      async () => ((await api.describe(workflowId)).body.status === 'Failed' ? true : undefined),
      'the workflow to fail',
    );
    const other = await idle(`${script} ${randomUUID()}`);
    await api.terminate({ workflowId: other, reason: script });
    for (const [view, parameters] of [
      ['workflows', { query: `WorkflowType = ${JSON.stringify(script)}` }],
      ['workflow', { workflowId, to: 'last' }],
      ['workflow', { workflowId: other }],
      ['operations', { workflowId: other }],
    ] as const) {
      await open(view, parameters);
      await page.locator('main').getByText('onerror').first().waitFor();
      expect(await page.locator('main img, main script').count()).toBe(0);
      expect(await page.title()).not.toBe('run');
    }
  });

  test('a long id leaves the other columns of the list their width', async () => {
    const workflowId = await idle(`${randomUUID()}-${'x'.repeat(900)}`);
    await visible(`WorkflowId = '${workflowId}'`, 1);
    await page.setViewportSize({ width: 1280, height: 800 });
    await open('workflows', { query: `WorkflowId = '${workflowId}'` });
    await page.getByRole('link', { name: workflowId }).waitFor();
    const row = page.locator('.list tbody tr');
    expect((await row.boundingBox())?.height).toBeLessThan(120);
    expect((await row.getByText('idle', { exact: true }).boundingBox())?.width).toBeGreaterThan(80);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test('shows invisible characters, and those that change the direction of text, in everything that it renders', async () => {
    const hidden = '\u202e\u200b\u2066\ufeff\u0007\n';
    const shown = String.raw`\u202e\u200b\u2066\ufeff\u0007\u000a`;
    const id = randomUUID();
    const workflowId = `${id}${hidden} 1`;
    const workflow = await ScriptedWorkflow.start(connection, { where: namespace, workflowId, type: `pack${hidden}` });
    await workflow.completeTask(scheduleActivity(`reserve${hidden}`, workflow.taskQueue));
    await api.cancel({ workflowId, reason: `late${hidden}` });
    const query = `WorkflowId STARTS_WITH '${id}'`;
    const seen: string[] = [];
    const look = async (part: string) => {
      await page.locator('body').getByText(`${part}${shown}`).first().waitFor();
      seen.push(await page.locator('body').innerText(), await page.title());
      // The values of inputs are the user's own.
      const attributes = await page
        .locator('body *')
        .evaluateAll((elements) =>
          elements.flatMap((element) => ['title', 'aria-label'].map((name) => element.getAttribute(name) ?? '')),
        );
      seen.push(...attributes);
    };
    await visible(query, 1);
    await open('workflows', { query });
    await look(id);
    await open('workflow', { workflowId, to: 'first' });
    await look('reserve');
    await page.getByRole('button', { name: 'Terminate…' }).click();
    const dialog = page.getByRole('dialog');
    await look(id);
    await dialog.getByLabel('Reason').fill(`why${hidden}`);
    await dialog.getByLabel(`Type ${id}${shown}`).fill(workflowId.replace(hidden, shown));
    await dialog.getByRole('button', { name: `Terminate ${id}${shown}` }).click();
    await page.getByText('Terminated', { exact: true }).first().waitFor();
    await look(id);
    await open('operations', { workflowId });
    await look('late');
    // innerText has tabs between the cells of a table.
    for (const text of seen) expect(text.replaceAll(/[\n\t]/g, '')).not.toMatch(/[\p{Cf}\p{Cc}]/u);
    expect((await api.describe(workflowId)).body.status).toBe('Terminated');
  });

  test('loads a long history page by page on scrolling, and draws few rows', async () => {
    const tasks = 12;
    const workflow = await ScriptedWorkflow.start(connection, { where: namespace });
    await workflow.completeTasks(tasks, (task) => [
      localActivityMarker('step', String(task)),
      ...Array.from({ length: 19 }, () => marker('Version')),
    ]);
    await workflow.completeTask(completeWorkflow);
    await open('workflow', { workflowId: workflow.workflowId });
    await page.getByText('the workflow completed').waitFor();
    expect(await page.getByText('100 entries so far').isVisible()).toBe(true);
    const box = page.locator('.timeline-box');
    // The visible part is filled before the user scrolls.
    const [boxEnd, lastRowEnd] = (await page.evaluate(
      `['.timeline-box', '.entry:last-child'].map((one) => document.querySelector(one).getBoundingClientRect().bottom)`,
    )) as [number, number];
    expect(lastRowEnd).toBeGreaterThanOrEqual(boxEnd);
    await eventually(async () => {
      await box.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      return (await page.getByText('entries in total').isVisible()) || undefined;
    }, 'the whole history');
    await box.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await page.getByText('the workflow started').waitFor();
    expect(await page.locator('.entry').count()).toBeLessThan(60);
  });

  describe('accessibility', () => {
    test.each([
      ['light', 1440],
      ['dark', 390],
    ] as const)(
      'axe-core finds nothing in %s at %i px, and nothing is wider than the window',
      async (colorScheme, width) => {
        const views = await (shown ??= everyView());
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        for (const [view, parameters] of views) {
          await open(view, parameters);
          await page.locator('h1').waitFor();
          await page.locator('.busy').first().waitFor({ state: 'detached' });
          await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
          expect({ view, found: await violationsOf(page) }).toEqual({ view, found: [] });
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        }
        await page.setViewportSize({ width: 1440, height: 900 });
      },
      300_000,
    );
    let shown: ReturnType<typeof everyView> | undefined;

    /** Each view, with something of all that it shows. */
    async function everyView(): Promise<[view: string, parameters?: Record<string, string>][]> {
      const workflow = await ScriptedWorkflow.start(connection, { where: namespace });
      const { workflowId, runId, taskQueue } = workflow;
      const retried = { attempts: 9, retryIntervalSeconds: 500 };
      await workflow.completeTask(scheduleActivity('chargeCard', taskQueue, retried));
      await workflow.failActivity('the card service is down', { retryable: true });
      const query = `WorkflowId = '${workflowId}'`;
      const reason = 'to be seen';
      const ended = await api.terminate({ workflowId: await idle(), reason });
      const batch = await api.startBatch({ action: 'terminate', workflows: ['not-there'], reason });
      return [
        ['workflows', { query }],
        ['workflow', { workflowId, runId, to: 'last' }],
        ['batch-operations'],
        ['batch-operations/new', { query, canary: '1' }],
        [`batch-operations/${batch.body.operationId}`],
        ['operations', { workflowId: ended.body.workflowId }],
        [`operations/${ended.body.operationId}`],
        ['rejected-events'],
      ];
    }

    test('resets a workflow with the keyboard alone', async () => {
      const workflow = await wedged();
      const { workflowId, runId } = workflow;
      await open('workflow', { workflowId, runId });
      await page.getByText('the code does not fit the history').first().waitFor();
      const tabTo = async (name: string) => {
        for (let presses = 0; presses < 60; presses += 1) {
          await page.keyboard.press('Tab');
          const focused = (await page.evaluate(NAME_OF_FOCUSED)) as string;
          if (focused.startsWith(name)) return;
        }
        throw new Error(`Tab does not lead to ${name}`);
      };
      await tabTo('Reset to before');
      // The text next to it changes with each attempt.
      await workflow.failTask('the code does not fit the history');
      await page.locator('.finding').getByText('now on attempt 3').waitFor();
      expect(await page.evaluate(NAME_OF_FOCUSED)).toMatch(/^Reset to before/);
      await page.keyboard.press('Enter');
      await page.getByLabel('Reason').waitFor();
      await tabTo('Close the preview');
      await tabTo('Reason');
      await page.keyboard.type('by keyboard');
      await page.keyboard.press('Enter');
      await page.getByRole('region', { name: 'New run', exact: true }).waitFor();
      const { body } = await api.operations(workflowId);
      expect(body.operations).toMatchObject([{ verb: 'reset', reason: 'by keyboard', state: 'completed' }]);
    });
  });
});

/** Passes reads on to the API, which refuses requests that come by another port; it can be stopped and started again. */
async function startStandIn(api: RewindApi, namespace: string) {
  const answer = async (below: string, query: URLSearchParams, response: ServerResponse) => {
    const { status, body } = await api.get(below, Object.fromEntries(query), namespace);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  const server = createServer((request, response) => {
    if (standIn.isSilent) return;
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    const below = pathname.replace(`/v1/namespaces/${namespace}/`, '');
    void answer(below, searchParams, response);
  });
  let port = 0;
  const listen = async () => {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    ({ port } = server.address() as AddressInfo);
  };
  await listen();
  const standIn = {
    /** Whether requests get no response. */
    isSilent: false,
    url: `http://127.0.0.1:${port}/v1`,
    listen,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return standIn;
}

/** What axe-core finds on a page. */
async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as Axe).axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
}

/** Name of the element that has the focus, for a script of the page. */
const NAME_OF_FOCUSED = `(({ activeElement: element }) =>
  String(element.getAttribute('aria-label') ?? element.closest('label')?.textContent ?? element.textContent))(document)`;

interface Axe {
  axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
}
