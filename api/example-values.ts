/* Values that the examples share. */

export const namespace = 'prod.a1b2c';
export const workflowId = 'order-1234';
export const runId = '0199b5a2-7c1e-7b7d-9c1f-2a4f8f6f3d10';
export const newRunId = '0199b5b0-1d4a-7e52-8a0b-6f1c9d2e7b44';
export const operationId = 'op-3f9a51c2b7d84e60a1f2c3d4e5f60718';
export const batchOperationId = 'op-77b0c9d1e2f3405162738495a6b7c8d9';
export const requestId = 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef';
export const actor = { id: 'arn:aws:iam::111122223333:user/ann' };
const startTime = '2026-01-31T12:00:00.000Z';
export const closeTime = '2026-01-31T12:20:07.250Z';
export const requestedAt = '2026-01-31T12:20:05.120Z';

const webUiOf = (run: string) =>
  `https://cloud.temporal.io/namespaces/${namespace}/workflows/${workflowId}/${run}/history`;
export const links = { webUi: webUiOf(runId) };
export const newRunLinks = { webUi: webUiOf(newRunId) };
export const run = { namespace, workflowId, runId, startTime, links };
