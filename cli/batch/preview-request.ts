import type { components } from '../../client/openapi';
import type { RouteName } from '../requests/contract';

type BatchRequest = components['schemas']['StartBatchOperationRequest'];
/** The request of a reset preview, which has all fields that the other previews have. */
type PreviewRequest = components['schemas']['PreviewBatchResetRequest'];

/** The routes of previews. */
export const previewRoutes = {
  cancel: 'previewBatchCancellation',
  terminate: 'previewBatchTermination',
  reset: 'previewBatchReset',
  pause: 'previewBatchPause',
  unpause: 'previewBatchUnpause',
  updateOptions: 'previewBatchUpdateOptions',
} as const satisfies Record<BatchRequest['action'], RouteName>;

/** The preview request for a batch request. A preview needs only the role of its action, not that of a batch operator. */
export function previewRequest({
  action,
  engine,
  query,
  workflows,
  exclude,
  maxWorkflows,
  target = {},
  excludeReapply,
  versioningOverride,
  orphanedChildren,
}: Omit<BatchRequest, 'reason'>): PreviewRequest {
  const selection = {
    engine,
    ...(workflows === undefined ? { query } : { workflows }),
    exclude,
    maxWorkflows,
  };
  const reset = {
    target,
    excludeReapply,
    versioningOverride: versioningOverride === 'none' ? undefined : versioningOverride,
    orphanedChildren,
  };
  return (action === 'reset' ? { ...selection, ...reset } : selection) as PreviewRequest;
}
