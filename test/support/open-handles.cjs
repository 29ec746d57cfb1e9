const { writeSync } = require('node:fs');

/*
 * For `node --require`: says what keeps a process of jest's workers from ending when jest ends it by force, half a second
 * after the tests. A process that has nothing open and is only slow to end, as on a busy machine, says nothing.
 */
if (process.env.JEST_WORKER_ID !== undefined && process.send !== undefined) {
  process.once('SIGTERM', () => {
    const open = process.getActiveResourcesInfo().filter((resource) => resource !== 'PipeWrap');
    if (open.length > 0) writeSync(2, `Left open by tests: ${open.join(', ')}\n`);
    process.exit(1);
  });
}
