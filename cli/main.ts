import { report } from './workflows/changes';
import { CliError, exitCodes } from './exit-codes';
import { runCommandLine } from './program';
import { Session } from './session';
import type { Terminal } from './output/output';

const handled = new WeakSet<NodeJS.WriteStream>();
let outputFailure: Error | undefined;
/** A reader such as `head` may close the pipe early: that is not an error. A full disk is, but does not end the command halfway. */
function withErrors<Stream extends NodeJS.WriteStream>(stream: Stream): Stream {
  if (handled.has(stream)) return stream;
  handled.add(stream);
  return stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') outputFailure ??= error;
  });
}

const terminal: Terminal = {
  env: process.env,
  get stdin() {
    return process.stdin;
  },
  get stdout() {
    return withErrors(process.stdout);
  },
  get stderr() {
    return withErrors(process.stderr);
  },
};
let session: Session | undefined;

/** The exit code of a failure that is not the API's. It must not say that nothing was changed after a change. */
const failureCode = () => exitCodes[session?.hasChanged ? 'partlyFailed' : 'failed'].code;

process.on('exit', (code) => {
  if (!outputFailure) return;
  terminal.stderr.write(`✘ The output cannot be written: ${outputFailure.message}\n`);
  if (code === 0) process.exitCode = failureCode();
});

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
    if (!(error instanceof CliError)) {
      terminal.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      return failureCode();
    }
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
