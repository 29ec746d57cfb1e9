import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { routes } from '../../api';
import { NAMESPACE_PATH } from '../../api/route';
import { cancelRequest } from '../../api/cancel';
import { failures } from '../../api/failures';
import type { FailureMeaning } from '../../api/failures';

/* The blocks of docs/integrations.md. Step Functions does not run here: the state is compared with the contract. */

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

test('the policy names routes that exist', () => {
  const allowed = policy.Statement.flatMap(({ Resource: resources }) => resources).map((resource) =>
    (resource.split('/v1/')[1] ?? resource).replace('prod.a1b2c', '{namespace}').replace(/\*$/, '{operationId}'),
  );
  expect(allowed).not.toEqual([]);
  expect(paths).toEqual(expect.arrayContaining(allowed));
});

test('the state sends a valid request', () => {
  const { Method: method, Path: route, Headers: headers, RequestBody: body } = state.Parameters;
  expect(paths).toContain(`${method}${route.replace('prod.a1b2c', '{namespace}')}`);
  // Step Functions requires lists as the values of headers.
  expect(headers).toEqual({ 'Idempotency-Key.$': expect.stringMatching(/^States\.Array\(/) });
  const sent = Object.fromEntries(
    Object.entries(body).map(([key, value]) => (key.endsWith('.$') ? [key.slice(0, -2), 'order-1234'] : [key, value])),
  );
  expect(z.safeParse(cancelRequest, sent)).toMatchObject({ success: true });
});

test('the state retries only transient failures', () => {
  const retried = state.Retry.flatMap(({ ErrorEquals: names }) => names);
  const namesOf = (when: FailureMeaning['retry']) =>
    Object.values<FailureMeaning>(failures).flatMap(({ retry, status }) =>
      retry === when ? [`ApiGateway.${status}`] : [],
    );
  // Step Functions sees the status only, and most failures with 409 do not pass.
  expect(retried).toEqual(expect.arrayContaining(namesOf('soon').filter((name) => name !== 'ApiGateway.409')));
  for (const name of namesOf('never')) expect(retried).not.toContain(name);
});
