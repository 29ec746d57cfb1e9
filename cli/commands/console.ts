import path from 'node:path';
import { openInBrowser } from '../browser';
import { defineCommand, flag, value } from '../declaration';
import { secondsOf } from '../durations';
import { CliError } from '../exit-codes';
import type { Session } from '../session';

/** The same at each use where it is free, so that an address of the page stays valid. */
const USUAL_PORT = 7466;
const DEFAULT_IDLE_SECONDS = 3600;
/** The longest that a timer of Node.js takes, in milliseconds. */
const MAX_IDLE_MS = 2 ** 31 - 1;

export const consoleCommand = defineCommand({
  name: 'console',
  summary: 'Serve a page for finding, resetting and repairing workflows',
  description:
    'The page is on 127.0.0.1 and calls the API with your AWS credentials: IAM allows or refuses, and the ledger records your name. ' +
    'The printed address signs in the first browser that opens it. A shared address opens with `rewind console ADDRESS`. ' +
    'Ctrl-C ends it; so does an hour without use.',
  args: [{ name: '[address]', description: 'the page to open, as in a shared address' }],
  options: {
    port: value('--port <port>', 'the port to listen on; 7466, or any other when that is in use', portOf),
    readOnly: flag('--read-only', 'forward reads and previews only'),
    idle: value('--idle <duration>', 'end after so long without use; 1h when left out', secondsOf),
    print: flag('--print', 'print the address only, and start no browser'),
  },
  examples: [
    { line: 'rewind console', does: 'the page on the namespace of the context' },
    { line: 'rewind console --read-only --context prod', does: 'to look only' },
  ],
  route: 'listWorkflows',
  async run(session, { port, readOnly, idle, print }, [address]) {
    const { startConsole, isPageAddress } = await import('../../console/server');
    const { apiRoutes, forwarder } = await import('../console-forward');
    const page = address === undefined ? '/' : pageOf(address, isPageAddress);
    const options = {
      routes: apiRoutes,
      forward: forwarder(session),
      pageFolder: path.join(__dirname, 'console'),
      place: placeOf(session),
      readOnly: readOnly === true,
      idleMilliseconds: Math.min((idle ?? DEFAULT_IDLE_SECONDS) * 1000, MAX_IDLE_MS),
    };
    const started = await startConsole({ ...options, port: port ?? USUAL_PORT }).catch((error: unknown) => {
      if ((error as { code?: string }).code !== 'EADDRINUSE') throw error;
      if (port === undefined) return startConsole(options);
      throw new CliError('usage', `Port ${port} is in use.`);
    });
    const { output, terminal } = session;
    const url = started.signInUrl(page);
    if (output.isText) output.line(url);
    else output.json({ url, origin: started.origin });
    output.note(`${session.place}${readOnly ? ', read-only' : ''}. Ctrl-C ends the console.`);
    session.interruptible('done', 'The console has ended.');
    if (terminal.stdout.isTTY && !print) await openInBrowser(url);
    if ((await started.ended) === 'idle') output.note('The console has ended: it was not used.');
    return 'done';
  },
});

/** What the page shows of where it is, and the words that choose the same place on a command line. */
function placeOf(session: Session): object {
  const { name, account, region, apiUrl } = session.context;
  return { context: name, account, region, apiUrl, namespace: session.namespace, placeFlags: session.placeFlags };
}

/** The page that an address names, whatever host and port it was copied with. */
function pageOf(address: string, isPageAddress: (address: string) => boolean): string {
  const { pathname, search } = new URL(address, 'http://127.0.0.1');
  if (isPageAddress(pathname)) return `${pathname}${search}`;
  throw new CliError('usage', `${JSON.stringify(address)} is no address of the console.`, {
    hints: ['They look like this: /n/NAMESPACE/workflow?workflowId=order-42'],
  });
}

function portOf(given: string): number {
  const port = Number(given);
  if (/^\d+$/.test(given) && port <= 65_535) return port;
  throw new CliError('usage', `${JSON.stringify(given)} is no port.`);
}
