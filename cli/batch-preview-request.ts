import type { components } from '../client/openapi';
import type { RouteName } from './contract';

type BatchRequest = components['schemas']['StartBatchOperationRequest'];
/** Of a reset: the others take less. */
type PreviewRequest = components['schemas']['PreviewBatchResetRequest'];

/** The routes of previews, below `batch-previews/`. */
export const previewRoutes = {
  cancel: { route: 'previewBatchCancellation', path: 'batch-previews/cancel' },
  terminate: { route: 'previewBatchTermination', path: 'batch-previews/terminate' },
  reset: { route: 'previewBatchReset', path: 'batch-previews/reset' },
  pause: { route: 'previewBatchPause', path: 'batch-previews/pause' },
  unpause: { route: 'previewBatchUnpause', path: 'batch-previews/unpause' },
  updateOptions: { route: 'previewBatchUpdateOptions', path: 'batch-previews/update-options' },
} as const satisfies Record<BatchRequest['action'], { route: RouteName; path: string }>;

/** What the preview of a request takes of it. A preview takes the role of the action, and none for batch operations. */
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
  const asked = {
    ...(engine && { engine }),
    ...(workflows === undefined ? { query } : { workflows }),
    ...(exclude && { exclude }),
    ...(maxWorkflows !== undefined && { maxWorkflows }),
  };
  const reset = {
    target,
    ...(excludeReapply && { excludeReapply }),
    ...(versioningOverride && versioningOverride !== 'none' && { versioningOverride }),
    ...(orphanedChildren && { orphanedChildren }),
  };
  return (action === 'reset' ? { ...asked, ...reset } : asked) as PreviewRequest;
}
