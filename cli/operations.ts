import type { components, operations } from '../client/openapi';
import { read } from './requests/client';
import type { Session } from './session';
import type { Column } from './output/table';
import { nameOfActor } from './output/actor';
import { ago } from './output/durations';

export type Operation = components['schemas']['Operation'];
export type OperationState = Operation['state'];
export type Verb = NonNullable<NonNullable<operations['listOperations']['parameters']['query']>['verb']>;

export const operation = (session: Session, operationId: string): Promise<Operation> =>
  read(session, 'getOperation', { operationId });

const isBad = (state: Operation['state']): boolean => state !== 'completed' && state !== 'started';

export const operationColumns: Column<Operation>[] = [
  { title: 'WHEN', value: ({ requestedAt }) => ago(requestedAt), drop: 2 },
  { title: 'VERB', value: ({ verb }) => verb },
  { title: 'WORKFLOW', value: ({ workflowId }) => workflowId },
  { title: 'STATE', value: ({ state }) => state, style: ({ state }) => (isBad(state) ? 'red' : undefined) },
  { title: 'OUTCOME', value: ({ outcome }) => outcome, drop: 4 },
  { title: 'BY', value: ({ actor }) => nameOfActor(actor.id), cut: 16, drop: 1 },
  { title: 'REASON', value: ({ reason }) => reason, cut: 14, drop: 3 },
  { title: 'OPERATION', value: ({ operationId }) => operationId, drop: 5 },
];
