import { ChildWorkflowCancellationType, executeChild, ParentClosePolicy, workflowInfo } from '@temporalio/workflow';
import type { PackedOrder, ParentOrder } from '../orders';
import { cancellableOrder } from './cancellable-order';

/**
 * An order packed by a child workflow. When the parent is cancelled, the child is handled as follows:
 *
 * - `wait`: `WAIT_CANCELLATION_COMPLETED`, the default. The child gets a cancellation request, and the parent ends
 *   only after the child has ended, including its cleanup.
 * - `abandon`: the child gets no cancellation request, and `ParentClosePolicy.ABANDON` lets it outlive the parent. The
 *   default policy, TERMINATE, would terminate it without cleanup when the parent closes.
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
