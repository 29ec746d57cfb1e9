import { cancelWorkflow } from '../api/cancel';
import { resetWorkflow } from '../api/reset';
import { createHandler as createDescribe } from '../functions/describe/handler';
import { changeHandler } from '../functions/http/change-handler';
import type { ChangeDependencies } from '../functions/http/change-handler';
import type { HttpFunction } from '../functions/http/http-handler';
import { cancel } from '../operations/cancel';
import type { Ledger } from '../operations/ledger/ledger';
import { reset } from '../operations/reset/reset';
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
  const describing = createDescribe(dependencies);
  const cancelling = changeHandler(dependencies, cancelWorkflow, cancel);
  const resetting = changeHandler(dependencies, resetWorkflow, reset);
  const target = { at: 'lastWorkflowTask' };
  return {
    describe: (workflowId) => send(describing, { query: { workflowId } }),
    cancel: (workflowId) => send(cancelling, { body: { workflowId, reason: 'benchmark' } }),
    reset: (workflowId) => send(resetting, { body: { workflowId, reason: 'benchmark', target } }),
  };
}

async function send(handler: HttpFunction, request: Parameters<typeof gatewayRequest>[0]): Promise<void> {
  const { statusCode, body } = await handler(gatewayRequest(request), lambdaContext);
  if (statusCode >= 300) throw new Error(`the function responded ${statusCode}: ${body}`);
}
