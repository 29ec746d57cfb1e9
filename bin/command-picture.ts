import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';

/* Pictures of the command's output, on an HTML page that looks like a terminal. */

const launcher = path.resolve(__dirname, '../cli/rewind.cjs');
const COLUMNS = 110;

/** Python program: runs a command on a pseudo-terminal. The first argument is the width in columns, the others are the command. */
const ON_TERMINAL = `
import pty, sys
sys.exit(pty.spawn(["sh", "-c", 'stty cols "$0"; exec "$@"', *sys.argv[1:]]) >> 8)
`;

/**
 * Runs commands one after the other.
 * @param commands arguments of each command, which has to be read-only
 * @returns the prompts and output, with the terminal's colour codes
 */
export async function transcriptOf(commands: string[][], detailsFile: string): Promise<string> {
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, TERM: 'xterm-256color', REWIND_CONTEXT: 'local', REWIND_LOCAL_JSON: detailsFile };
  const parts: string[] = [];
  for (const args of commands) {
    const words = ['-c', ON_TERMINAL, String(COLUMNS), process.execPath, launcher, ...args];
    const run = promisify(execFile)('python3', words, { env });
    run.child.stdin?.end();
    const { stdout } = await run;
    parts.push(`\u001B[2m$\u001B[22m \u001B[1mrewind ${args.join(' ')}\u001B[22m\n${stdout.replaceAll('\r\n', '\n')}`);
  }
  return parts.join('\n');
}

/** Takes a screenshot of a transcript. @returns a PNG with a device scale factor of 2 */
export async function shootTranscript(
  browser: Browser,
  transcript: string,
  colorScheme: 'light' | 'dark',
): Promise<Buffer> {
  const page = await browser.newPage({ colorScheme, deviceScaleFactor: 2 });
  try {
    await page.setContent(pageOf(transcript));
    return await page.locator('pre').screenshot();
  } finally {
    await page.close();
  }
}

/** CSS by code of `util.styleText` that starts a style. Any other code ends a style. */
const styles: Record<string, string> = {
  1: 'font-weight: 700',
  2: 'color: var(--dim)',
  31: 'color: var(--red)',
  32: 'color: var(--green)',
  33: 'color: var(--yellow)',
  34: 'color: var(--blue)',
  36: 'color: var(--blue)',
};

const controlSequence = new RegExp(String.raw`\x1b\[([\d;]*)([A-Za-z])`, 'g');

function pageOf(transcript: string): string {
  const text = transcript.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const marked = text.replaceAll(controlSequence, (_code, number: string, kind: string) => {
    if (kind !== 'm') return '';
    const style = styles[number];
    return style === undefined ? '</span>' : `<span style="${style}">`;
  });
  return `<!doctype html><meta name="color-scheme" content="light dark"><style>
    :root { --dim: #6a737d; --red: #b31d28; --green: #176f2c; --yellow: #8a5a00; --blue: #0550ae; --ground: #f6f8fa; --text: #1f2328 }
    @media (prefers-color-scheme: dark) {
      :root { --dim: #8b949e; --red: #ff7b72; --green: #56d364; --yellow: #e3b341; --blue: #79c0ff; --ground: #0d1117; --text: #e6edf3 }
    }
    pre {
      box-sizing: content-box; width: ${COLUMNS}ch; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; padding: 16px 20px; font: 13px/1.5 'DejaVu Sans Mono', monospace;
      background: var(--ground); color: var(--text);
    }
  </style><pre>${marked}</pre>`;
}
