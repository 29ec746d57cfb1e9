import path from 'node:path';
import { openInBrowser } from '../browser';
import { defineCommand, flag, value } from '../command-line/declaration';
import { secondsOf } from '../output/durations';
import { CliError } from '../exit-codes';
import type { Session } from '../session';

/** Used if it is free, so that addresses of the page stay valid. */
const USUAL_PORT = 7466;
const DEFAULT_IDLE_SECONDS = 3600;
/** The longest timer of Node.js. */
const MAX_IDLE_MS = 2 ** 31 - 1;

export const consoleCommand = defineCommand({
  name: 'console',
  summary: 'Serve a page for finding, resetting and repairing workflows',
  description:
    'The page is on 127.0.0.1 and calls the API with your AWS credentials: IAM allows or denies each call, and the ledger records your name. ' +
    'The printed address signs in the first browser that opens it. `rewind console ADDRESS` opens a shared address. ' +
    'The console ends with Ctrl-C or after an hour without use.',
  args: [{ name: '[address]', description: 'the page to open, as in a shared address' }],
  options: {
    port: value('--port <port>', 'the port to listen on; when left out, 7466 or, if that is in use, any other', portOf),
    readOnly: flag('--read-only', 'forward only reads and previews'),
    idle: value('--idle <duration>', 'end after this time without use; 1h when left out', secondsOf),
    print: flag('--print', 'print the address, and do not start a browser'),
  },
  examples: [
    { line: 'rewind console', does: 'opens the page for the namespace of the context' },
    { line: 'rewind console --read-only --context prod', does: 'for looking without changing anything' },
  ],
  route: 'listWorkflows',
  async run(session, { port, readOnly, idle, print }, [address]) {
    const { startConsole, isPageAddress } = await import('../../console/server');
    const { apiRoutes, forwarder } = await import('../requests/console-forward');
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
  },
});

/** Context and namespace as shown by the page, and the options that choose them on a command line. */
function placeOf(session: Session): object {
  const { name, account, region, apiUrl } = session.context;
  return { context: name, account, region, apiUrl, namespace: session.namespace, placeFlags: session.placeFlags };
}

/** The page in an address, whatever its host and port. */
function pageOf(address: string, isPageAddress: (address: string) => boolean): string {
  const { pathname, search } = new URL(address, 'http://127.0.0.1');
  if (isPageAddress(pathname)) return `${pathname}${search}`;
  throw new CliError('usage', `${JSON.stringify(address)} is not an address of the console.`, {
    hints: ['Addresses look like this: /n/NAMESPACE/workflow?workflowId=order-42'],
  });
}

function portOf(given: string): number {
  const port = Number(given);
  if (/^\d+$/.test(given) && port <= 65_535) return port;
  throw new CliError('usage', `${JSON.stringify(given)} is not a port.`);
}
