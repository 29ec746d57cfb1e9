import { once } from 'node:events';
import { raw, rewind } from './callers';
import type { Access } from './floor/temporal';
import type { Verb } from './warm-functions';

/*
 * One process that answers requests, so many at once. Is sent a `Setup`, and then loads; sends what each took. Its log
 * lines go where its standard output goes.
 */

const connected = { raw, rewind };

export interface Setup {
  caller: keyof typeof connected;
  access: Access;
}

export interface Load {
  verb: Verb;
  /** Of which each request takes the next. */
  workflowIds: string[];
  callers: number;
}

export interface Held {
  milliseconds: number;
  /** Resident memory when it was over, in bytes. */
  resident: number;
}

async function main(): Promise<void> {
  const [{ caller, access }] = (await once(process, 'message')) as [Setup];
  const { act } = connected[caller](access);
  const hold = async ({ verb, workflowIds, callers }: Load): Promise<Held> => {
    const waiting = workflowIds.values();
    const ask = async () => {
      for (const workflowId of waiting) await act[verb](workflowId);
    };
    const begun = performance.now();
    await Promise.all(Array.from({ length: callers }, ask));
    return { milliseconds: performance.now() - begun, resident: process.memoryUsage().rss };
  };
  process.on('message', (load: Load) => void hold(load).then((held) => process.send?.(held)));
  process.send?.('ready');
}

process.once('disconnect', () => process.exit());
void main();
