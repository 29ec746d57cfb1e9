// Loaded into the worker by batch-memory.ts: on SIGUSR2 it says how much of its heap is in use once garbage is collected.
process.on('SIGUSR2', () => {
  globalThis.gc();
  const { heapUsed } = process.memoryUsage();
  process.stdout.write(`${JSON.stringify({ level: 'INFO', message: 'heap after gc', heapUsed })}\n`);
});
