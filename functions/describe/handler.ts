import { describeWorkflow as route } from '../../api/describe';
import { describeWorkflow } from '../../operations/describe';
import { readHandler } from '../http/http-handler';
import type { HttpDependencies } from '../http/http-handler';

export const createHandler = (dependencies: HttpDependencies) =>
  readHandler(dependencies, route, async ({ namespace, input, deadline }) =>
    describeWorkflow(await namespace.connect(deadline), input, namespace.webUiUrl),
  );
