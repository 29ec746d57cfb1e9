import path from 'node:path';
import { startLocalStack } from './local-stack';
import type { RunningStack } from './local-stack';
import { commandsToTry } from './commands';
import { startConsole } from './processes/console-process';
import type { ConsoleProcess } from './processes/console-process';
import { checkoutFolder } from './details';
import { parseOptions, usage, UsageError } from './options';
import { readConfig } from './deployment-config';
import { UserError } from './user-error';
import { stepsOn } from './steps';
import { releases } from './releases';
import { runTour } from './tour';

/** The user has pressed Ctrl-C, or the process got another signal to end. */
class Interrupted extends Error {}

async function main(): Promise<number> {
  const values = parseOptions(process.argv.slice(2));
  if (values.help) {
    console.log(usage);
    return 0;
  }

  const config = values.config === undefined ? undefined : readConfig(values.config);

  const began = performance.now();
  const seconds = () => ((performance.now() - began) / 1000).toFixed(0);
  const steps = stepsOn(process.stdout);
  const interruption = interruptionSignal();
  let stack: RunningStack | undefined;
  let webConsole: ConsoleProcess | undefined;
  try {
    steps.heading('Rewind on this machine');
    stack = await startLocalStack({
      steps,
      config,
      detailsFolder: checkoutFolder,
      release: releases.failingPayment,
      signal: interruption,
    });
    const { wedged } = await runTour({ stack, steps, signal: interruption });
    if (values.once) {
      steps.heading(`Every step succeeded, in ${seconds()} s.`);
      return 0;
    }

    const { json, shell } = stack.files;
    const logFile = path.join(stack.folder, 'console.log');
    webConsole = await steps.run('Console', () => startConsole(path.resolve(json), { logFile, signal: interruption }));
    steps.heading(
      `Rewind is running, after ${seconds()} s. Paste these lines into another terminal (bash or zsh, in this directory):`,
    );
    console.log(`\n${commandsToTry(shortest(shell))}\n`);
    const { webUiUrl, namespace } = stack.details;
    if (webUiUrl !== undefined) steps.note(`Temporal Web UI  ${webUiUrl}/namespaces/${namespace}/workflows`);
    steps.note(`For programs     ${shortest(json)}`);
    steps.note(`Logs             ${stack.folder}`);
    if (path.dirname(shell) !== checkoutFolder) {
      steps.note('Another npm start uses .rewind/, so the files of this one are elsewhere.');
    }
    steps.note('Ctrl-C           stops everything');
    steps.heading(`${wedged} is still wedged. Repair it in the console, where this address signs you in once:`);
    console.log(`\n${webConsole.url}\n`);
    await untilItEnds(stack, interruption);
    return 0;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    steps.heading('Interrupted. Everything that was started has been stopped.');
    return 130;
  } finally {
    await webConsole?.process.stop();
    if (stack !== undefined) await steps.run('Stop', () => stack?.stop() ?? Promise.resolve());
  }
}

/** The path from the working directory, where that is the shorter one. */
function shortest(file: string): string {
  const relative = path.relative('', file);
  return relative.length < file.length ? relative : file;
}

/** Aborts at the first Ctrl-C. A second one, more than a second later, ends the process at once. */
function interruptionSignal(): AbortSignal {
  const controller = new AbortController();
  let firstAt = 0;
  const parent = process.ppid;
  // npm does not forward a signal if it is killed itself.
  setInterval(() => process.ppid !== parent && controller.abort(new Interrupted()), 1000).unref();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!controller.signal.aborted) {
        firstAt = Date.now();
        controller.abort(new Interrupted());
        // A second signal within a second is the same Ctrl-C, forwarded by npm.
      } else if (Date.now() - firstAt > 1000) {
        process.exit(130);
      }
    });
  }
  return controller.signal;
}

/**
 * Waits for the interruption.
 * @throws {UserError} if a part of the stack ends unexpectedly
 */
async function untilItEnds(stack: RunningStack, interruption: AbortSignal): Promise<void> {
  const interrupted = new Promise<undefined>((resolve) => {
    if (interruption.aborted) resolve(undefined);
    interruption.addEventListener('abort', () => resolve(undefined));
  });
  const failure = await Promise.race([interrupted, stack.failure]);
  if (failure !== undefined) throw new UserError(failure);
}

// Users of the local stack cannot act on the AWS SDK's warning about the Node.js version that it will require.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

main().then((exitCode) => process.exit(exitCode), fail);

function fail(error: unknown): never {
  if (error instanceof UsageError) {
    console.error(error.message);
    process.exit(2);
  }
  const message = error instanceof UserError ? error.message : String(error instanceof Error ? error.stack : error);
  console.error(`\n${message}`);
  process.exit(1);
}
