// Preloaded into the worker by worker.ts: on SIGUSR2 it logs the heap in use after garbage collection.
process.on('SIGUSR2', () => {
  globalThis.gc();
  const { heapUsed } = process.memoryUsage();
  process.stdout.write(`${JSON.stringify({ level: 'INFO', message: 'heap after gc', heapUsed })}\n`);
});
