/** The changes that the ledger records. A test checks that the routes define the same verbs. */
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
