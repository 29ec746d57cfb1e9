import { createHandler as createCancel } from '../functions/cancel/handler';
import { createHandler as createDescribe } from '../functions/describe/handler';
import type { ChangeDependencies } from '../functions/http/change-handler';
import type { HttpFunction } from '../functions/http/http-handler';
import { createHandler as createReset } from '../functions/reset/handler';
import type { Ledger } from '../operations/ledger/ledger';
import type { Telemetry } from '../operations/telemetry';
import type { Namespaces } from '../operations/temporal/namespaces';
import { logger, logRecordFailure } from '../aws/logger';
import { gatewayRequest, lambdaContext } from './requests';

export type Verb = 'describe' | 'cancel' | 'reset';

/** Rewind's functions as one process holds them, by verb. Each throws unless the request succeeds. */
export function warmFunctions(
  namespaces: Namespaces,
  ledger: Ledger,
  telemetry: Telemetry,
): Record<Verb, (workflowId: string) => Promise<void>> {
  const dependencies: ChangeDependencies = {
    namespaces,
    ledger,
    telemetry,
    logger,
    onRecordFailure: logRecordFailure,
  };
  const [describe, cancel, reset] = [
    createDescribe(dependencies),
    createCancel(dependencies),
    createReset(dependencies),
  ];
  const target = { at: 'lastWorkflowTask' };
  return {
    describe: (workflowId) => send(describe, { query: { workflowId } }),
    cancel: (workflowId) => send(cancel, { body: { workflowId, reason: 'benchmark' } }),
    reset: (workflowId) => send(reset, { body: { workflowId, reason: 'benchmark', target } }),
  };
}

async function send(handler: HttpFunction, request: Parameters<typeof gatewayRequest>[0]): Promise<void> {
  const { statusCode, body } = await handler(gatewayRequest(request), lambdaContext);
  if (statusCode >= 300) throw new Error(`the function responded ${statusCode}: ${body}`);
}
