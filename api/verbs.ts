/** What Rewind does to workflows and records in the ledger. A test compares them with the routes. */
export const verbNames = [
  'cancel',
  'terminate',
  'reset',
  'pause',
  'unpause',
  'restart',
  'updateOptions',
  'resetActivity',
  'pauseActivity',
  'unpauseActivity',
  'batch',
  'suspend',
  'resume',
  'redrive',
] as const;
