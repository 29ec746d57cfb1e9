import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { chromiumPath } from '../../local/installed/browser';
import type { RewindCommand } from './rewind-command';

/** `describe`, or `describe.skip` without a browser. */
export const describeInBrowser = chromiumPath === undefined ? describe.skip : describe;
if (chromiumPath === undefined) {
  process.stderr.write(
    'No Chromium is here: the tests of the console in a browser are skipped. apt-get install chromium\n',
  );
}

/** A console that the built command serves. */
export interface RunningConsole {
  /** Signs in the first browser that opens it. */
  url: string;
  origin: string;
  stop: () => Promise<void>;
}

export async function startConsole(
  command: RewindCommand,
  args: string[] = [],
  env: Record<string, string> = {},
): Promise<RunningConsole> {
  const child = command.start(['console', '--print', '--port', '0', ...args], { env });
  let errors = '';
  child.stderr?.on('data', (text) => (errors += String(text)));
  if (!child.stdout) throw new Error('the command has no standard output');
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`rewind console has exited: ${errors}`)));
  ended.catch(() => {});
  const [url] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  return {
    url,
    origin: new URL(url).origin,
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGINT');
      await once(child, 'exit');
    },
  };
}

/** Opens a page in a new browser profile. @returns also the errors in its console */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    // The browser also logs each response with an error status.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      errors.push(message.text());
  });
  return { page, errors };
}
