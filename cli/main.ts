import { report } from './changes';
import { CliError, exitCodes } from './exit-codes';
import { runCommandLine } from './program';
import { Session } from './session';
import type { Terminal } from './output';

// A reader such as `head` may close the pipe early: that is not an error.
const handled = new WeakSet<NodeJS.WriteStream>();
function ignoreBrokenPipe<Stream extends NodeJS.WriteStream>(stream: Stream): Stream {
  if (handled.has(stream)) return stream;
  handled.add(stream);
  return stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const terminal: Terminal = {
  env: process.env,
  get stdin() {
    return process.stdin;
  },
  get stdout() {
    return ignoreBrokenPipe(process.stdout);
  },
  get stderr() {
    return ignoreBrokenPipe(process.stderr);
  },
};
let session: Session | undefined;

process.on('SIGINT', () => {
  const { exit, lines } = session?.interrupted() ?? { exit: 'interrupted', lines: [] };
  session?.output.endProgress();
  for (const line of lines) session?.output.note(line);
  process.exit(exitCodes[exit].code);
});

async function main(): Promise<number> {
  try {
    const exit = await runCommandLine(process.argv.slice(2), terminal, (started) => {
      session = started;
    });
    return exitCodes[exit].code;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const current = session ?? new Session(terminal, {});
    report(current, error.message, error);
    if (!current.output.isText && error.details.problem) current.output.json(error.details.problem);
    return exitCodes[error.exit].code;
  }
}

async function run(): Promise<void> {
  // process.exit could cut off output to a pipe. Idle connections do not keep the process alive.
  process.exitCode = await main();
}

// Users of this command cannot act on the AWS SDK's warning about the Node.js version that it will require.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

void run();
