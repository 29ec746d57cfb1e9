import type { BatchAction } from '../../api/batch-operation';
import {
  previewBatchCancellation,
  previewBatchPause,
  previewBatchReset,
  previewBatchTermination,
  previewBatchUnpause,
  previewBatchUpdateOptions,
} from '../../api/batch-operations';
import type { BatchRequest } from '../../api/batch-operations';
import { previewBatch } from '../../operations/batch/start';
import { readHandler } from '../http/http-handler';
import type { HttpDependencies, HttpFunction, HttpRequest } from '../http/http-handler';

type Request = HttpRequest<Omit<BatchRequest, 'action' | 'reason' | 'ratePerSecond'>>;

/** Shown nowhere: a preview needs no reason and has no rate. */
const notAsked = { reason: '', ratePerSecond: 1 };

const previewOf =
  (action: BatchAction) =>
  async ({ namespace, input, deadline }: Request) =>
    previewBatch(await namespace.connect(deadline), { ...input, ...notAsked, action }, namespace.webUiUrl);

/** One function for the routes, whose paths differ: IAM allows each to a role of its own. */
export const createHandler = (dependencies: HttpDependencies): HttpFunction => {
  const handlers = {
    cancel: readHandler(dependencies, previewBatchCancellation, previewOf('cancel')),
    terminate: readHandler(dependencies, previewBatchTermination, previewOf('terminate')),
    reset: readHandler(dependencies, previewBatchReset, previewOf('reset')),
    pause: readHandler(dependencies, previewBatchPause, previewOf('pause')),
    unpause: readHandler(dependencies, previewBatchUnpause, previewOf('unpause')),
    'update-options': readHandler(dependencies, previewBatchUpdateOptions, previewOf('updateOptions')),
  };
  return (event, context) => {
    const name = event.resource.split('/').at(-1) as keyof typeof handlers;
    return handlers[name](event, context);
  };
};
