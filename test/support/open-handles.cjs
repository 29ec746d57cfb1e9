const { writeSync } = require('node:fs');

/*
 * For `node --require`: prints the open resources of a jest worker that jest kills, half a second after the tests.
 * Prints nothing for a worker without open resources, which is only slow to exit.
 */
if (process.env.JEST_WORKER_ID !== undefined && process.send !== undefined) {
  process.once('SIGTERM', () => {
    const open = process.getActiveResourcesInfo().filter((resource) => resource !== 'PipeWrap');
    if (open.length > 0) writeSync(2, `Left open by tests: ${open.join(', ')}\n`);
    process.exit(1);
  });
}
