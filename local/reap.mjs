// Outlives the process that started it just long enough to clean up after it. The local cloud starts servers in process
// groups of their own; when their owner ends without stopping them (SIGKILL, a crash, Ctrl-C in jest), its end of this
// program's standard input closes, and what is still on the books is stopped and removed here.
//
// Plain JavaScript, so that it is up in milliseconds. It reads lines: `+group PID`, `-group PID`, `+path PATH`, `-path PATH`.
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long servers have to end on their own once asked to. */
const GRACE_MS = 3000;

const books = { group: new Set(), path: new Set() };

// A terminal sends these to everyone; the owner decides what they mean, this program only follows it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

for await (const line of createInterface({ input: process.stdin })) {
  const [entry, ...rest] = line.split(' ');
  const value = rest.join(' ');
  const book = books[entry?.slice(1)];
  if (entry?.startsWith('+')) book?.add(value);
  else book?.delete(value);
}

/** Whether any member of the group took the signal; false when the group is gone. */
const signalGroup = (pid, signal) => {
  try {
    process.kill(-Number(pid), signal);
    return true;
  } catch {
    return false;
  }
};

const groups = [...books.group];
for (const pid of groups) signalGroup(pid, 'SIGTERM');
for (const end = Date.now() + GRACE_MS; Date.now() < end && groups.some((pid) => signalGroup(pid, 0));) await sleep(50);
for (const pid of groups) signalGroup(pid, 'SIGKILL');
for (const path of books.path) rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
