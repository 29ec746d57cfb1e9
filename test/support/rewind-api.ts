import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { components, paths } from '../../client/openapi';
import { createRewindClient } from '../../client/rewind-client';
import type { RewindClient } from '../../client/rewind-client';
import type { LocalDetails } from '../../local/details';
import { signedRequest } from '../../local/signed-request';
import type { ApiResponse, SignedRequest } from '../../local/signed-request';
import { Contract } from './contract';
import type { OpenApiDocument } from './contract';

/** The local stack that the end-to-end tests share. */
export function localDetails(): LocalDetails {
  const file = process.env['REWIND_E2E_LOCAL_JSON'];
  if (!file) throw new Error('REWIND_E2E_LOCAL_JSON names no local stack');
  return JSON.parse(readFileSync(file, 'utf8')) as LocalDetails;
}

const contract = new Contract(
  JSON.parse(readFileSync(path.resolve(__dirname, '../../docs/openapi.json'), 'utf8')) as OpenApiDocument,
);

type Schemas = components['schemas'];
type BatchItems = paths['/namespaces/{namespace}/batch-operations/{operationId}/items']['get'];

type RejectedEvents = paths['/namespaces/{namespace}/rejected-events']['get'];

/** A response. `body` has the type of the success response; tests match a problem themselves. */
export interface Answer<Body> {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Body;
}

/** A client of the deployed API with full access. Checks every response against docs/openapi.json. */
export class RewindApi {
  private readonly rewind: RewindClient;
  private readonly path: { namespace: string };

  constructor(private readonly details: LocalDetails) {
    const { apiUrl: baseUrl, region, credentials, namespace } = details;
    this.path = { namespace };
    this.rewind = createRewindClient({ baseUrl, region, credentials });
  }

  describe(workflowId: string): Promise<Answer<Schemas['Workflow']>> {
    const params = { path: this.path, query: { workflowId } };
    return answered('GET', this.rewind.GET('/namespaces/{namespace}/workflows/describe', { params }));
  }

  resetPoints(workflowId: string): Promise<Answer<Schemas['ResetPoints']>> {
    const params = { path: this.path, query: { workflowId } };
    return answered('GET', this.rewind.GET('/namespaces/{namespace}/workflows/reset-points', { params }));
  }

  /** @param idempotencyKey one of its own when left out */
  cancel(body: Schemas['CancelWorkflowRequest'], idempotencyKey?: string): Promise<Answer<Schemas['CancelResult']>> {
    const params = { path: this.path, header: keyed(idempotencyKey) };
    return answered('POST', this.rewind.POST('/namespaces/{namespace}/workflows/cancel', { params, body }));
  }

  terminate(body: Schemas['TerminateWorkflowRequest']): Promise<Answer<Schemas['TerminateResult']>> {
    const params = { path: this.path };
    return answered('POST', this.rewind.POST('/namespaces/{namespace}/workflows/terminate', { params, body }));
  }

  reset(body: Schemas['ResetWorkflowRequest']): Promise<Answer<Schemas['ResetResult']>> {
    const params = { path: this.path };
    return answered('POST', this.rewind.POST('/namespaces/{namespace}/workflows/reset', { params, body }));
  }

  previewReset(body: Schemas['ResetWorkflowRequest']): Promise<Answer<Schemas['ResetPreview']>> {
    const params = { path: this.path };
    const request = { params, body: { ...body, dryRun: true } };
    return answered('POST', this.rewind.POST('/namespaces/{namespace}/workflows/reset', request));
  }

  operations(workflowId: string, namespace = this.details.namespace): Promise<Answer<Schemas['Operations']>> {
    const params = { path: { namespace }, query: { workflowId } };
    return answered('GET', this.rewind.GET('/namespaces/{namespace}/operations', { params }));
  }

  operation(operationId: string): Promise<Answer<Schemas['Operation']>> {
    const params = { path: { ...this.path, operationId } };
    return answered('GET', this.rewind.GET('/namespaces/{namespace}/operations/{operationId}', { params }));
  }

  startBatch(body: Schemas['StartBatchOperationRequest']): Promise<Answer<Schemas['BatchStarted']>> {
    const params = { path: this.path };
    return answered('POST', this.rewind.POST('/namespaces/{namespace}/batch-operations', { params, body }));
  }

  previewBatch(body: Schemas['StartBatchOperationRequest']): Promise<Answer<Schemas['BatchPreview']>> {
    const params = { path: this.path };
    const request = { params, body: { ...body, dryRun: true } };
    return answered('POST', this.rewind.POST('/namespaces/{namespace}/batch-operations', request));
  }

  batch(operationId: string): Promise<Answer<Schemas['BatchOperation']>> {
    const params = { path: { ...this.path, operationId } };
    return answered('GET', this.rewind.GET('/namespaces/{namespace}/batch-operations/{operationId}', { params }));
  }

  batchItems(
    operationId: string,
    query: BatchItems['parameters']['query'] = {},
  ): Promise<Answer<Schemas['BatchItems']>> {
    const params = { path: { ...this.path, operationId }, query };
    return answered('GET', this.rewind.GET('/namespaces/{namespace}/batch-operations/{operationId}/items', { params }));
  }

  cancelBatch(operationId: string, reason: string): Promise<Answer<Schemas['BatchStopResult']>> {
    const params = { path: { ...this.path, operationId } };
    const request = { params, body: { reason } };
    return answered('POST', this.rewind.POST('/namespaces/{namespace}/batch-operations/{operationId}/cancel', request));
  }

  suspendBatch(operationId: string, reason: string): Promise<Answer<Schemas['BatchSuspension']>> {
    const params = { path: { ...this.path, operationId } };
    const request = { params, body: { reason } };
    return answered(
      'POST',
      this.rewind.POST('/namespaces/{namespace}/batch-operations/{operationId}/suspend', request),
    );
  }

  retryBatch(operationId: string, reason: string): Promise<Answer<Schemas['BatchStarted']>> {
    const params = { path: { ...this.path, operationId } };
    const request = { params, body: { reason } };
    return answered('POST', this.rewind.POST('/namespaces/{namespace}/batch-operations/{operationId}/retry', request));
  }

  rejectedEvents(query: RejectedEvents['parameters']['query'] = {}): Promise<Answer<Schemas['RejectedEvents']>> {
    const params = { path: this.path, query };
    return answered('GET', this.rewind.GET('/namespaces/{namespace}/rejected-events', { params }));
  }

  /** @param idempotencyKey one of its own when left out */
  redrive(
    body: Omit<Schemas['RedriveRejectedEventsRequest'], 'reason'>,
    idempotencyKey?: string,
  ): Promise<Answer<Schemas['RedriveResult']>> {
    const request = { params: { path: this.path, header: keyed(idempotencyKey) }, body: { reason: 'test', ...body } };
    return answered('POST', this.rewind.POST('/namespaces/{namespace}/rejected-events/redrive', request));
  }

  /** Sends any GET request. */
  get(below: string, query: Record<string, string> = {}, namespace = this.details.namespace): Promise<ApiResponse> {
    return this.send({ method: 'GET', path: `/namespaces/${namespace}/${below}`, query });
  }

  /** Sends any POST request, also one that the client's types reject. */
  post(
    below: string,
    body: unknown,
    headers: Record<string, string> = {},
    namespace = this.details.namespace,
  ): Promise<ApiResponse> {
    return this.send({ method: 'POST', path: `/namespaces/${namespace}/${below}`, body, headers });
  }

  private async send(request: SignedRequest): Promise<ApiResponse> {
    const response = await signedRequest(this.details, request);
    check(request.method, request.path, response);
    return response;
  }
}

const keyed = (key: string | undefined) => (key === undefined ? {} : { 'Idempotency-Key': key });

/** A result of openapi-fetch. */
interface Fetched {
  data?: unknown;
  error?: unknown;
  response: Response;
}

async function answered<Body>(method: string, fetched: Promise<Fetched>): Promise<Answer<Body>> {
  const { data, error, response } = await fetched;
  const answer = {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: (data ?? error) as Body,
  };
  check(method, new URL(response.url).pathname, answer);
  return answer;
}

function check(method: string, sent: string, answer: Answer<unknown>): void {
  // The emulator's 403 differs from API Gateway's, which is asserted on the template.
  if (answer.status === 403) return;
  const operationId = contract.operationIdOf(method, sent);
  if (operationId === undefined) throw new Error(`docs/openapi.json has no ${method} ${sent}`);
  contract.check(operationId, answer);
}
