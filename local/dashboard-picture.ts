import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startLocalCloud } from './cloud';
import type { LocalCloud } from './cloud';
import { drawDashboard } from './draw-dashboard';
import type { DashboardBody } from './draw-dashboard';
import { functionLogs } from './function-logs';
import { inProject } from './project';
import { signedRequest } from './signed-request';
import { stepsOn } from './steps';
import { connectToTemporal } from './temporal-client';
import { metricsIn } from './written-metrics';

/*
 * Draws docs/dashboard.svg: the dashboard as the stack makes it, with the figures that the deployed functions write while
 * some operations are asked for on this machine.
 */

const RUN_SECONDS = 150;

async function main(): Promise<void> {
  const steps = stepsOn(process.stdout);
  const cloud = await startLocalCloud({ steps });
  try {
    await steps.run(`Operations for ${RUN_SECONDS} s`, () => operate(cloud));
    const body = await dashboardBody(cloud);
    const written = metricsIn((await functionLogs(cloud.details)).join('\n'));
    const title = `Layout of Rewind's dashboard, with the figures of a local run of ${RUN_SECONDS} s. What AWS counts by itself is empty.`;
    await writeFile(inProject('docs', 'dashboard.svg'), drawDashboard(body, written, title));
  } finally {
    await cloud.stop();
  }
}

/** The body of the deployed dashboard. What only AWS knows is named by its logical id. */
async function dashboardBody({ folder }: LocalCloud): Promise<DashboardBody> {
  const template = JSON.parse(await readFile(path.join(folder, 'cdk.out', 'RewindControl.template.json'), 'utf8')) as {
    Resources: Record<string, { Type: string; Properties: { DashboardBody: { 'Fn::Join': [string, unknown[]] } } }>;
  };
  const dashboard = Object.values(template.Resources).find(({ Type: type }) => type === 'AWS::CloudWatch::Dashboard');
  const [, parts = []] = dashboard?.Properties.DashboardBody['Fn::Join'] ?? [];
  const text = parts.map((part) => (typeof part === 'string' ? part : logicalId(part))).join('');
  return JSON.parse(text) as DashboardBody;
}

function logicalId(reference: unknown): string {
  const { Ref: ref, 'Fn::GetAtt': [id] = [] } = reference as { Ref?: string; 'Fn::GetAtt'?: string[] };
  return ref ?? id ?? '';
}

async function operate({ details }: LocalCloud): Promise<void> {
  const { client, close } = await connectToTemporal(details);
  const post = (below: string, body: object) =>
    signedRequest(details, { method: 'POST', path: `/namespaces/${details.namespace}/${below}`, body });
  const reason = 'for the picture';
  const type = `idle-${randomUUID()}`;
  try {
    for (let index = 0; index < 60; index += 1) {
      // Nobody polls there: once they are asked to cancel, they are stuck.
      await client.workflow.start(type, { workflowId: `${type}/${index}`, taskQueue: type });
    }
    await post('batch-operations', { action: 'cancel', query: `WorkflowType = '${type}'`, reason, ratePerSecond: 1 });
    const until = Date.now() + RUN_SECONDS * 1000;
    for (let round = 0; Date.now() < until; round += 1) {
      const orderId = randomUUID();
      const workflowId = `order-${orderId}`;
      const args = [{ orderId }];
      await client.workflow.start('cancellableOrder', { workflowId, taskQueue: details.taskQueue, args });
      const done = await client.workflow.start('repairableOrder', {
        workflowId: `repairable-${orderId}`,
        taskQueue: details.taskQueue,
        args: [{ orderId, paymentDelaySeconds: 0 }],
      });
      await done.result();
      await post('workflows/cancel', { workflowId, reason, waitSeconds: 5 });
      await post('workflows/reset', { workflowId: done.workflowId, target: { at: 'lastWorkflowTask' }, reason });
      if (round % 3 === 0) await post('workflows/terminate', { workflowId: `${type}/${round}`, reason });
      if (round % 4 === 0) await post('workflows/cancel', { workflowId: `no-such-${orderId}`, reason });
      await wait(2_000);
    }
  } finally {
    await close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
