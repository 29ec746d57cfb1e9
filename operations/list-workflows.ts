import { createHash } from 'node:crypto';
import type { temporal } from '@temporalio/proto';
import { OperationFailure } from '../api/failures';
import type { ListedWorkflow, WorkflowCount, WorkflowsPage } from '../api/workflows';
import { isOwnWorkflow } from './batch/own-workflows';
import { workflowStatus } from './temporal/enums';
import { TemporalRejection } from './temporal/errors';
import type { NamespaceClient } from './temporal/namespace-client';
import { rfc3339 } from './temporal/time';
import { toNumber } from './temporal/to-number';
import { refusedListing } from './visibility-query';
import { webUiLink } from './web-ui';

type WorkflowExecutionInfo = temporal.api.workflow.v1.IWorkflowExecutionInfo;

/**
 * The runs that match a visibility query, newest first; all runs without a query.
 * @throws {OperationFailure} `invalid-request` for a query that Temporal does not understand, or a token of another list
 */
export async function listWorkflows(
  client: NamespaceClient,
  query = '',
  { size, token }: { size: number; token?: string },
  webUiUrl?: string,
): Promise<WorkflowsPage> {
  const { namespace } = client;
  const from = token === undefined ? undefined : readToken(token, namespace, query);
  try {
    const page = await client.listWorkflowInfos(query, size, from);
    return {
      namespace,
      workflows: page.workflows.map((info) => listedWorkflow(namespace, info, webUiUrl)),
      nextPageToken: page.nextPageToken && writeToken(page.nextPageToken, namespace, query),
    };
  } catch (error) {
    if (!(error instanceof TemporalRejection && error.invalid)) throw error;
    throw refusedListing(error, query);
  }
}

/**
 * How many runs match a visibility query, in groups where it has `GROUP BY`.
 * @throws {OperationFailure} `invalid-request` for a query that Temporal does not understand
 */
export async function countWorkflows(client: NamespaceClient, query = ''): Promise<WorkflowCount> {
  try {
    return { namespace: client.namespace, ...(await client.countWorkflowGroups(query)) };
  } catch (error) {
    if (!(error instanceof TemporalRejection && error.invalid)) throw error;
    throw refusedListing(error, query);
  }
}

function listedWorkflow(namespace: string, info: WorkflowExecutionInfo, webUiUrl?: string): ListedWorkflow {
  const workflowId = info.execution?.workflowId ?? '';
  const runId = info.execution?.runId ?? '';
  const workflowType = info.type?.name ?? '';
  const startTime = rfc3339(info.startTime);
  const executionTime = rfc3339(info.executionTime);
  return {
    workflowId,
    runId,
    workflowType,
    status: workflowStatus(info.status),
    taskQueue: info.taskQueue ?? '',
    historyLength: toNumber(info.historyLength),
    startTime,
    executionTime: executionTime === startTime ? undefined : executionTime,
    closeTime: rfc3339(info.closeTime),
    ownedBy: isOwnWorkflow(workflowId, workflowType) ? 'rewind' : undefined,
    links: webUiLink(webUiUrl, namespace, workflowId, runId),
  };
}

/**
 * A token belongs to one list: with another query the server would continue somewhere else. It names its page too: the
 * server answers a changed one with an error that looks like an outage (seen on 1.29.1).
 */
const tokenOf = (namespace: string, query: string, page: string) =>
  `${createHash('sha256')
    .update(JSON.stringify([namespace, query, page]))
    .digest('base64url')}.${page}`;

function writeToken(page: Uint8Array, namespace: string, query: string): string {
  return tokenOf(namespace, query, Buffer.from(page).toString('base64url'));
}

function readToken(token: string, namespace: string, query: string): Uint8Array {
  const page = token.slice(token.indexOf('.') + 1);
  if (token === tokenOf(namespace, query, page)) return Buffer.from(page, 'base64url');
  throw invalidToken(token);
}

function invalidToken(token: string): OperationFailure {
  return new OperationFailure('invalid-request', 'pageToken is not one that this list returned.', {
    field: 'pageToken',
    value: token,
    allowed: 'the nextPageToken of the page before, with the same query',
  });
}
