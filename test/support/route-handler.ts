import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Route } from '../../api/route';
import { changeHandler } from '../../functions/http/change-handler';
import type { ChangeDependencies } from '../../functions/http/change-handler';
import type { HttpFunction } from '../../functions/http/http-handler';
import { verbs } from '../../operations/index';
import type { WorkflowVerbName } from '../../operations/verb';

type AnyRoute = Route & { verb?: string };

/** Returns the verb that the function of a route executes, if it does nothing else, which is when it has no `handler.ts`. */
export function verbOf(route: AnyRoute): WorkflowVerbName | undefined {
  return existsSync(handlerFile(route)) ? undefined : (route.verb as WorkflowVerbName);
}

const handlerFile = (route: Route) => path.resolve(__dirname, '../../functions', route.function, 'handler.ts');

/**
 * Creates the handler of a route from the `handler.ts` of its function, or from its verb. test/integration/lambda.test.ts
 * checks that the function executes this verb.
 */
export function createRouteHandler(route: AnyRoute, dependencies: object): HttpFunction {
  const verb = verbOf(route);
  if (verb) return changeHandler(dependencies as ChangeDependencies, route, verbs[verb]);
  const { createHandler } = require(handlerFile(route)) as { createHandler: (given: object) => HttpFunction };
  return createHandler(dependencies);
}
