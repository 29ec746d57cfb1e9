import { listWorkflows as route } from '../../api/workflows';
import { listWorkflows } from '../../operations/list-workflows';
import { readHandler } from '../http/http-handler';
import type { HttpDependencies } from '../http/http-handler';

export const createHandler = (dependencies: HttpDependencies) =>
  readHandler(dependencies, route, async ({ namespace, input, deadline }) => {
    const { query, pageSize: size, pageToken: token } = input;
    return listWorkflows(await namespace.connect(deadline), query, { size, token }, namespace.webUiUrl);
  });
