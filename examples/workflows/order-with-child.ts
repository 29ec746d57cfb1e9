import { ChildWorkflowCancellationType, executeChild, ParentClosePolicy, workflowInfo } from '@temporalio/workflow';
import type { PackedOrder, ParentOrder } from '../orders';
import { cancellableOrder } from './cancellable-order';

/**
 * An order packed by a child workflow. What a cancellation of the parent means for the child:
 *
 * - `wait`: `WAIT_CANCELLATION_COMPLETED`, the default. The child gets a cancellation of its own, and the parent ends
 *   only after the child did, cleanup included.
 * - `abandon`: the child is not asked, and `ParentClosePolicy.ABANDON` lets it outlive the parent. The default policy,
 *   TERMINATE, would kill it when the parent closes, with no cleanup.
 */
export async function orderWithChild({ orderId, whenCancelled }: ParentOrder): Promise<PackedOrder> {
  return executeChild(cancellableOrder, {
    workflowId: `${workflowInfo().workflowId}/packing`,
    args: [{ orderId }],
    ...(whenCancelled === 'wait'
      ? { cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED }
      : {
          cancellationType: ChildWorkflowCancellationType.ABANDON,
          parentClosePolicy: ParentClosePolicy.ABANDON,
        }),
  });
}
