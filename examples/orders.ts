/** Arguments and results of the sample workflows and activities. */

/** Argument of the order workflows and of their activities. */
export interface Order {
  orderId: string;
}

/** Argument of `cancellableOrder`. */
export interface CancellableOrder extends Order {
  /** Number of items to pack, one per second; 3,600 when absent, which is long enough to cancel by hand. */
  items?: number;
}

/** Argument of `repairableOrder` and `wedgedOrder`. */
export interface ScheduledOrder extends Order {
  /** Seconds between reserving the stock and charging the card; 1 when absent. */
  paymentDelaySeconds?: number;
}

/** Result of `cancellableOrder` when nothing cancels it. */
export interface PackedOrder extends Order {
  packedItems: number;
}

/** Result of `repairableOrder` and `wedgedOrder`. */
export interface ShippedOrder extends Order {
  reservationId: string;
  paymentId: string;
  trackingNumber: string;
}

/** Activities that {@link CancellationStudy} can run. Each handles a cancellation differently. */
type StudiedActivity = 'listenForCancellation' | 'ignoreCancellation' | 'heartbeatOnceMore';

/** Argument of `studyCancellation`. */
export interface CancellationStudy {
  activity: StudiedActivity;
  /** What the workflow waits for after it was cancelled; the SDK's default when absent. */
  cancellationType?: 'WAIT_CANCELLATION_COMPLETED' | 'TRY_CANCEL' | 'ABANDON';
  /** Seconds that the workflow stays open after the cancellation, so that a test can look at the activity; 0 when absent. */
  stayOpenSeconds?: number;
}

/** Result of `studyCancellation`: what the workflow received from its activity after the cancellation. */
export type StudiedOutcome = { saw: 'result'; result: string } | { saw: 'cancellation' };

/** Argument of `remindCustomer`. */
export interface Reminder extends Order {
  /** Seconds until the reminder. */
  afterSeconds: number;
  /** How the workflow ends if it is cancelled before that: `rethrow` as Canceled, `return` as Completed. */
  whenCancelled: 'rethrow' | 'return';
}

/** Argument of `orderWithChild`. */
export interface ParentOrder extends Order {
  /** `wait`: the child is cancelled too, and the parent waits for it. `abandon`: the child continues without its parent. */
  whenCancelled: 'wait' | 'abandon';
}
