import { createHandler as createCancel } from '../functions/cancel/handler';
import { createHandler as createDescribe } from '../functions/describe/handler';
import type { ChangeDependencies } from '../functions/http/change-handler';
import type { HttpFunction } from '../functions/http/http-handler';
import { createHandler as createReset } from '../functions/reset/handler';
import type { Ledger } from '../operations/ledger/ledger';
import type { Telemetry } from '../operations/telemetry';
import type { Namespaces } from '../operations/temporal/namespaces';
import { logger, logRecordFailure } from '../aws/logger';
import { apiGatewayEvent, lambdaContext } from '../test/support/api-gateway-event';
import { NAMESPACE } from './floor/temporal';

export type Verb = 'describe' | 'cancel' | 'reset';

/** Rewind's functions as a container holds them, by what they are asked for. Each throws unless it was done. */
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
    describe: (workflowId) => done(describe, apiGatewayEvent('GET', { namespace: NAMESPACE, query: { workflowId } })),
    cancel: (workflowId) => done(cancel, posted({ workflowId, reason: 'benchmark' })),
    reset: (workflowId) => done(reset, posted({ workflowId, reason: 'benchmark', target })),
  };
}

const posted = (body: object) => apiGatewayEvent('POST', { namespace: NAMESPACE, body });

async function done(handler: HttpFunction, event: Parameters<HttpFunction>[0]): Promise<void> {
  const { statusCode, body } = await handler(event, lambdaContext);
  if (statusCode >= 300) throw new Error(`the function answered ${statusCode}: ${body}`);
}
