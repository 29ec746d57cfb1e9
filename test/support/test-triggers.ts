import type { RewindConfigInput } from '../../lib/config';

/**
 * Triggers of test files that redrive all events of a trigger: what the others reject is not theirs to redrive, and the
 * files run at the same time. Each rejects events of its own source that have no order.
 */
export const testTriggers = {
  console: { trigger: 'console-order-withdrawn', source: 'console.orders' },
  onCall: { trigger: 'on-call-order-withdrawn', source: 'on-call.orders' },
} as const;

export const testTriggerConfig = (namespace: string): NonNullable<RewindConfigInput['triggers']> =>
  Object.fromEntries(
    Object.values(testTriggers).map(({ trigger, source }) => [
      trigger,
      {
        sources: [source],
        eventPattern: { 'detail-type': ['OrderWithdrawn'] },
        namespace,
        workflowId: 'order-<$.detail.orderId>',
      },
    ]),
  );
