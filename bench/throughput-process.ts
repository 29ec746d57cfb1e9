import { once } from 'node:events';
import { raw, rewind } from './callers';
import type { Access } from './floor/temporal';
import type { Verb } from './warm-functions';

/*
 * A process that makes requests, several at the same time. Receives a `Setup`, then `Load`s, and sends a `LoadResult` for
 * each.
 */

const callers = { raw, rewind };

export interface Setup {
  caller: keyof typeof callers;
  access: Access;
}

export interface Load {
  verb: Verb;
  /** Each request takes the next one. */
  workflowIds: string[];
  callers: number;
}

export interface LoadResult {
  milliseconds: number;
  /** Resident memory afterwards, in bytes. */
  resident: number;
}

async function main(): Promise<void> {
  const [{ caller, access }] = (await once(process, 'message')) as [Setup];
  const { act } = callers[caller](access);
  const run = async ({ verb, workflowIds, callers: count }: Load): Promise<LoadResult> => {
    const waiting = workflowIds.values();
    const ask = async () => {
      for (const workflowId of waiting) await act[verb](workflowId);
    };
    const start = performance.now();
    await Promise.all(Array.from({ length: count }, ask));
    return { milliseconds: performance.now() - start, resident: process.memoryUsage().rss };
  };
  process.on('message', (load: Load) => void run(load).then((result) => process.send?.(result)));
  process.send?.('ready');
}

process.once('disconnect', () => process.exit());
void main();
