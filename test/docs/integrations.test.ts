import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { routes } from '../../api';
import { NAMESPACE_PATH } from '../../api/route';
import { cancelRequest } from '../../api/cancel';
import { OperationFailure } from '../../api/failures';
import { problemResponse } from '../../functions/http/problem';

/* What docs/integrations.md tells others to paste: Step Functions does not run here, so its state is looked at closely. */

const text = readFileSync(path.resolve(__dirname, '../../docs/integrations.md'), 'utf8');
const [policy, stateMachine] = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(
  ([, json = '']) => JSON.parse(json) as unknown,
) as [
  { Statement: { Resource: string[] }[] },
  {
    States: {
      CancelOrder: {
        Parameters: { Method: string; Path: string; Headers: object; RequestBody: Record<string, unknown> };
        Retry: { ErrorEquals: string[] }[];
      };
    };
  },
];
const state = stateMachine.States.CancelOrder;

const paths = Object.values(routes).map(({ method, path: route }) => `${method}/${NAMESPACE_PATH}/${route}`);

test('the policy names routes that there are', () => {
  for (const resource of policy.Statement.flatMap(({ Resource: resources }) => resources)) {
    const [, route = ''] = resource.split('/v1/');
    expect(paths).toContain(route.replace('prod.a1b2c', '{namespace}').replace(/\*$/, '{operationId}'));
  }
});

test('the state sends a request that the function takes', () => {
  const { Method: method, Path: route, Headers: headers, RequestBody: body } = state.Parameters;
  expect(paths).toContain(`${method}${route.replace('prod.a1b2c', '{namespace}')}`);
  // Step Functions wants the values of headers as lists.
  expect(headers).toEqual({ 'Idempotency-Key.$': expect.stringMatching(/^States\.Array\(/) });
  const sent = Object.fromEntries(
    Object.entries(body).map(([key, value]) => (key.endsWith('.$') ? [key.slice(0, -2), 'order-1234'] : [key, value])),
  );
  expect(z.safeParse(cancelRequest, sent)).toMatchObject({ success: true });
});

test('the state tries again exactly what Rewind calls retryable', () => {
  const retried = state.Retry.flatMap(({ ErrorEquals: names }) => names);
  const unavailable = problemResponse(new OperationFailure('temporal-unavailable', 'gone'), 'r');
  const throttled = problemResponse(new OperationFailure('throttled', 'slow down'), 'r');
  const invalid = problemResponse(new OperationFailure('workflow-not-found', 'no such'), 'r');
  expect(retried).toContain(`ApiGateway.${unavailable.statusCode}`);
  expect(retried).toContain(`ApiGateway.${throttled.statusCode}`);
  expect(retried).not.toContain(`ApiGateway.${invalid.statusCode}`);
});
