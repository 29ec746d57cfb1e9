import { listResetPoints as route } from '../../api/reset-points';
import { listResetPoints } from '../../operations/reset-points';
import { readHandler } from '../http/http-handler';
import type { HttpDependencies } from '../http/http-handler';

export const createHandler = (dependencies: HttpDependencies) =>
  readHandler(dependencies, route, async ({ namespace, input, deadline }) => {
    const { pageSize: size, pageToken: token, ...execution } = input;
    return listResetPoints(await namespace.connect(deadline), execution, { size, token });
  });
