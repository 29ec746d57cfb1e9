import type { DescribedExecution } from '../temporal/executions';

/** An activity, by its type or its id; local activities too. */
export type ActivityTarget = ({ type: string } | { activityId: string }) & {
  /** Which one, where there are several: a number counts from the first, which is 1. The last when left out. */
  occurrence?: number | 'first' | 'last';
};

/** Where to reset to. Exactly one of these. */
export type ResetTarget =
  | {
      /** One of the events that reset-points lists. */
      eventId: number;
    }
  | {
      /**
       * `firstWorkflowTask`: from the start. `lastWorkflowTask`: the last task that completed. `lastContinuedAsNew`: the
       * task of the run before that continued as new, so it is that run which is reset.
       */
      at: 'firstWorkflowTask' | 'lastWorkflowTask' | 'lastContinuedAsNew';
    }
  | { beforeActivity: ActivityTarget }
  | {
      /** What made the workflow fail or get stuck; `first` and `last` of the failures in its history. */
      beforeFailure: 'first' | 'last';
    }
  | {
      /** RFC 3339. Discards what workflow tasks did from then on. */
      beforeTime: string;
    }
  | {
      /** The first task that a worker of this build completed, in this run or an earlier one of its chain. */
      buildId: string;
    }
  | {
      /** That many completed workflow tasks before the last one; 0 is the last one. */
      back: number;
    };

/** An event to reset to, and why it is this one, as a sentence. */
export interface Chosen {
  eventId: number;
  why: string;
}

/** A run and the event in it to reset to. */
export interface ChosenPoint extends Chosen {
  run: DescribedExecution;
}
