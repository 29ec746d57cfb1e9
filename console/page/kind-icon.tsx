import type { JSX } from 'preact';
import { words } from './format';
import type { HistoryEntry } from './schema';

/** A shape for each kind of entry, so that kinds can be distinguished without colour. Each fits into 20 × 20. */
const shapes: Record<HistoryEntry['kind'], string> = {
  workflowStarted: 'M5 3l12 7-12 7z',
  workflowClosed: 'M4 4h12v12H4z',
  workflowTaskFailure: 'M4 4l12 12M16 4L4 16',
  reset: 'M5 6a7 7 0 1 1-1 6M5 1v5h5',
  cancelRequest: 'M10 3a7 7 0 1 0 .01 0M5 5l10 10',
  pause: 'M6 4v12M14 4v12',
  unpause: 'M5 3l12 7-12 7z',
  optionsUpdate: 'M3 6h14M3 14h14M7 3v6M13 11v6',
  activity: 'M3 6h14v8H3z',
  localActivity: 'M3 6h14v8H3zM7 10h6',
  timer: 'M10 3a7 7 0 1 0 .01 0M10 6v4l3 2',
  childWorkflow: 'M3 3h8v8H3zM11 9h6v8H9v-6',
  nexusOperation: 'M3 10h5M12 10h5M8 6h4v8H8z',
  signal: 'M10 2l8 8-8 8-8-8z',
  update: 'M10 2l8 8-8 8-8-8zM7 10l2 2 4-4',
  signalToWorkflow: 'M2 10h14M11 5l5 5-5 5',
  cancelToWorkflow: 'M2 10h9M12 6l6 8M18 6l-6 8',
  marker: 'M6 18V3h9l-2 4 2 4H6',
  propertiesUpdate: 'M4 5h12M4 10h12M4 15h8',
};

export const KindIcon = ({ kind }: { kind: HistoryEntry['kind'] }): JSX.Element => (
  <svg class={`kind kind-${kind}`} viewBox="0 0 20 20" role="img" aria-label={words(kind)}>
    <path d={shapes[kind]} />
  </svg>
);
