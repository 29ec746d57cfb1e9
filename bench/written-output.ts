/**
 * Captures what `work` writes to the standard output: a function's log lines. They do not reach the terminal. Nothing else in
 * this process may write meanwhile.
 */
export async function writtenOutput<T>(work: () => Promise<T>): Promise<{ result: T; output: string }> {
  const chunks: string[] = [];
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    chunks.push(chunk.toString());
    const written = rest.at(-1);
    if (typeof written === 'function') queueMicrotask(() => written());
    return true;
  };
  try {
    return { result: await work(), output: chunks.join('') };
  } finally {
    process.stdout.write = write;
  }
}
