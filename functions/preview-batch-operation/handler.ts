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

/** Required fields of a batch request that a preview does not use. */
const unusedFields = { reason: '', ratePerSecond: 1 };

const previewOf =
  (action: BatchAction) =>
  async ({ namespace, input, deadline }: Request) =>
    previewBatch(await namespace.connect(deadline), { ...input, ...unusedFields, action }, namespace.webUiUrl);

/** Handles the preview routes of all actions. Each has its own path, so that IAM policies can allow them separately. */
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
