import { listHistory as route } from '../../api/history';
import { listHistory } from '../../operations/timeline';
import { readHandler } from '../http/http-handler';
import type { HttpDependencies } from '../http/http-handler';

export const createHandler = (dependencies: HttpDependencies) =>
  readHandler(dependencies, route, async ({ namespace, input, deadline }) => {
    const { pageSize: size, pageToken: token, ...execution } = input;
    return listHistory(await namespace.connect(deadline), execution, { size, token });
  });
