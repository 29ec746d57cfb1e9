import { previewBatchCancellation, previewBatchReset, previewBatchTermination } from '../../api/batch-operations';
import { previewBatch } from '../../operations/batch/start';
import { readHandler } from '../http/http-handler';
import type { HttpDependencies, HttpFunction } from '../http/http-handler';

/** Shown nowhere: a preview needs no reason and has no rate. */
const notAsked = { reason: '', ratePerSecond: 1 };

/** One function for the three routes, whose paths differ: IAM allows each to a role of its own. */
export const createHandler = (dependencies: HttpDependencies): HttpFunction => {
  const cancel = readHandler(dependencies, previewBatchCancellation, async ({ namespace, input, deadline }) =>
    previewBatch(await namespace.connect(deadline), { ...input, ...notAsked, action: 'cancel' }, namespace.webUiUrl),
  );
  const terminate = readHandler(dependencies, previewBatchTermination, async ({ namespace, input, deadline }) =>
    previewBatch(await namespace.connect(deadline), { ...input, ...notAsked, action: 'terminate' }, namespace.webUiUrl),
  );
  const reset = readHandler(dependencies, previewBatchReset, async ({ namespace, input, deadline }) =>
    previewBatch(await namespace.connect(deadline), { ...input, ...notAsked, action: 'reset' }, namespace.webUiUrl),
  );
  return (event, context) => {
    const { resource } = event;
    const respond = resource.endsWith('/reset') ? reset : resource.endsWith('/terminate') ? terminate : cancel;
    return respond(event, context);
  };
};
