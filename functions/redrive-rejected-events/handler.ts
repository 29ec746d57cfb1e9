import { redriveRejectedEvents } from '../../api/rejected-events';
import { previewRedrive, redrive } from '../../operations/rejected-events/redrive';
import type { RedriveDependencies } from '../../operations/rejected-events/redrive';
import { callerOf } from '../http/change-handler';
import type { RejectedEventDependencies } from '../http/dependencies';
import { httpHandler } from '../http/http-handler';

export const createHandler = (dependencies: RejectedEventDependencies & Pick<RedriveDependencies, 'send'>) =>
  httpHandler(dependencies, redriveRejectedEvents, async (http) => {
    const { namespace, input } = http;
    if (input.dryRun) return { status: 200, body: await previewRedrive(dependencies, namespace.name, input) };
    return { status: 202, body: await redrive(dependencies, namespace.name, input, callerOf(http)) };
  });
