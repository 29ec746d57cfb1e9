/** Seeded pseudo-random numbers (mulberry32): the same seed makes the same schedule. */
export class Random {
  constructor(private state: number) {}

  /** In [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A whole number in [from, to]. */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  pick<T>(items: readonly T[]): T {
    return items[this.int(0, items.length - 1)] as T;
  }
}

/** A process that runs product code. Calls that it awaits after its end never return. */
export class Process {
  alive = true;
  /** Number of responses until the process crashes. */
  answersLeft = Infinity;
  /** Number of responses until the process freezes, and for how long. */
  freezesAt = Infinity;
  freezeMs = 0;
  /** Time of its first recorded result. */
  recordedAt?: number;
  recorded?: boolean;
  /** A read from Temporal failed. */
  blind?: boolean;

  constructor(
    readonly name: string,
    /** How far its clock is ahead, in milliseconds. */
    readonly skewMs = 0,
  ) {}
}

/** 2026-11-26T00:00:00Z. A whole second. */
const START = 1_795_651_200_000;

const realDate = Date;

interface Entry {
  at: number;
  sequence: number;
  run: () => void;
}

/** Virtual time: scheduled callbacks run in order, and code sees the clock of its process. */
export class World {
  time = START;
  private current: Process | undefined;
  private sequence = 0;
  /** A binary heap. */
  private readonly heap: Entry[] = [];

  /** Replaces this JavaScript realm's clock and timers with virtual ones. @returns a function that restores them */
  install(): () => void {
    const { setTimeout: realSetTimeout, clearTimeout: realClearTimeout } = globalThis;
    const now = () => this.time + (this.current?.skewMs ?? 0);
    globalThis.Date = class extends realDate {
      constructor(...args: unknown[]) {
        super(...((args.length === 0 ? [now()] : args) as [number]));
      }
      static override now = now;
    } as DateConstructor;
    globalThis.setTimeout = ((run: () => void, ms = 0) => {
      const timer = { cleared: false };
      const process = this.current;
      this.at(this.time + Math.max(0, ms), () => {
        if (timer.cleared || process?.alive === false) return;
        this.current = process;
        run();
      });
      return timer;
    }) as unknown as typeof setTimeout;
    globalThis.clearTimeout = ((timer?: { cleared: boolean }) => {
      if (timer) timer.cleared = true;
    }) as unknown as typeof clearTimeout;
    return () => {
      globalThis.Date = realDate;
      globalThis.setTimeout = realSetTimeout;
      globalThis.clearTimeout = realClearTimeout;
    };
  }

  at(at: number, run: () => void): void {
    const { heap } = this;
    const entry = { at: Math.max(at, this.time), sequence: (this.sequence += 1), run };
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(entry, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = entry;
  }

  in(ms: number, run: () => void): void {
    this.at(this.time + ms, run);
  }

  /** Runs a piece of product code as this process. */
  start(process: Process, work: () => Promise<unknown>): void {
    this.in(0, () => {
      if (!process.alive) return;
      this.current = process;
      void work();
    });
  }

  /** Resolves a call of the process after some time, unless the process has ended. */
  answer<T>(process: Process, ms: number, result: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.in(ms, () => {
        if (!process.alive) return;
        if ((process.answersLeft -= 1) < 0) {
          process.alive = false;
          return;
        }
        const settle = attempt(result);
        if ((process.freezesAt -= 1) === 0)
          this.in(process.freezeMs, () => this.resume(process, () => settle(resolve, reject)));
        else this.resume(process, () => settle(resolve, reject));
      });
    });
  }

  private resume(process: Process, settle: () => void): void {
    if (!process.alive) return;
    this.current = process;
    settle();
  }

  /** Runs the callbacks scheduled until this time. */
  async run(until: number): Promise<void> {
    for (let next = this.heap[0]; next && next.at <= until; next = this.heap[0]) {
      this.removeFirst();
      this.time = next.at;
      this.current = undefined;
      next.run();
      // Node.js runs the callbacks of all settled promises before the next tick, and so before the clock advances.
      if (this.current as Process | undefined) await new Promise<void>((resolve) => process.nextTick(resolve));
    }
    this.time = until;
    this.current = undefined;
  }

  private removeFirst(): void {
    const { heap } = this;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1;
      if (!before(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}

function attempt<T>(result: () => T): (resolve: (value: T) => void, reject: (error: unknown) => void) => void {
  try {
    const value = result();
    return (resolve) => resolve(value);
  } catch (error) {
    return (_, reject) => reject(error);
  }
}

function before(one: Entry, other: Entry): boolean {
  return one.at < other.at || (one.at === other.at && one.sequence < other.sequence);
}
