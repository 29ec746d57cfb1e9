import type { temporal } from '@temporalio/proto';
import type { ListedWorkflow, WorkflowCount, WorkflowsPage } from '../api/workflows';
import { ownerOf } from './own-workflows';
import { readPageToken, writePageToken } from './page-token';
import type { PageRequest } from './page-token';
import { workflowStatus } from './temporal/enums';
import { TemporalRejection } from './temporal/errors';
import type { NamespaceClient } from './temporal/namespace-client';
import { rfc3339 } from './temporal/time';
import { toNumber } from './temporal/to-number';
import { refusedListing, refuseGroups } from './visibility-query';
import { webUiLink } from './web-ui';

type WorkflowExecutionInfo = temporal.api.workflow.v1.IWorkflowExecutionInfo;

/**
 * Lists the runs that match a visibility query, newest first; all runs without a query.
 * @throws {OperationFailure} `invalid-request` for an invalid query, one with `GROUP BY`, or a page token of another list
 */
export async function listWorkflows(
  client: NamespaceClient,
  query = '',
  { size, token }: PageRequest,
  webUiUrl?: string,
): Promise<WorkflowsPage> {
  refuseGroups(query);
  const { namespace } = client;
  const list = ['workflows', namespace, query];
  const from = readPageToken(token, list) as string | undefined;
  try {
    const page = await client.listWorkflowInfos(
      query,
      size,
      from === undefined ? undefined : Buffer.from(from, 'base64url'),
    );
    return {
      namespace,
      workflows: page.workflows.map((info) => listedWorkflow(namespace, info, webUiUrl)),
      nextPageToken: page.nextPageToken && writePageToken(list, Buffer.from(page.nextPageToken).toString('base64url')),
    };
  } catch (error) {
    if (!(error instanceof TemporalRejection && error.invalid)) throw error;
    throw refusedListing(error, query);
  }
}

/**
 * Counts the runs that match a visibility query; with `GROUP BY`, also per group.
 * @throws {OperationFailure} `invalid-request` for an invalid query
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
    ownedBy: ownerOf(workflowId, workflowType),
    links: webUiLink(webUiUrl, namespace, workflowId, runId),
  };
}
