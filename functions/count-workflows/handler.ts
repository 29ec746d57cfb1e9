import { countWorkflows as route } from '../../api/workflows';
import { countWorkflows } from '../../operations/list-workflows';
import { readHandler } from '../http/http-handler';
import type { HttpDependencies } from '../http/http-handler';

export const createHandler = (dependencies: HttpDependencies) =>
  readHandler(dependencies, route, async ({ namespace, input, deadline }) =>
    countWorkflows(await namespace.connect(deadline), input.query),
  );
