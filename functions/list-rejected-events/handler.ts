import { listRejectedEvents as route } from '../../api/rejected-events';
import { listRejectedEvents } from '../../operations/rejected-events/list';
import type { RejectedEventDependencies } from '../http/dependencies';
import { readHandler } from '../http/http-handler';

export const createHandler = (dependencies: RejectedEventDependencies) =>
  readHandler(dependencies, route, ({ namespace, input }) =>
    listRejectedEvents(dependencies.rejectedEvents, namespace.name, input),
  );
