import path from 'node:path';
import { parseArgs } from 'node:util';
import { startLocalCloud } from './cloud';
import type { LocalCloud } from './cloud';
import { commandsToTry } from './commands';
import { localJsonPath } from './details';
import { readConfig } from './deployment-config';
import { UserError } from './user-error';
import { stepsOn } from './steps';
import { releases } from './releases';
import { runTour } from './tour';

const USAGE = `npm start              bring Rewind up on this machine, show what it does, and stay up until Ctrl-C
npm start -- --once    do all of that and exit: 0 only if every step did what it should
npm start -- --config rewind.json
                       the same with your own configuration: what cdk.json holds under "rewind", each of its
                       namespaces served by the Temporal server on this machine`;

/** A person (Ctrl-C) or the system asked for the end. */
class Interrupted extends Error {}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { once: { type: 'boolean' }, config: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }

  const config = values.config === undefined ? undefined : await readConfig(values.config);

  const began = performance.now();
  const seconds = () => ((performance.now() - began) / 1000).toFixed(0);
  const steps = stepsOn(process.stdout);
  const interruption = interruptionSignal();
  let cloud: LocalCloud | undefined;
  try {
    steps.heading('Rewind on this machine');
    cloud = await startLocalCloud({
      steps,
      config,
      detailsFile: localJsonPath,
      release: releases.failingPayment,
      signal: interruption,
    });
    await runTour({ cloud, steps, signal: interruption });
    if (values.once) {
      steps.heading(`All of it worked, in ${seconds()} s.`);
      return 0;
    }

    steps.heading(`Rewind is up after ${seconds()} s. Try it from another terminal:`);
    console.log(`\n${commandsToTry}\n`);
    const { webUiUrl, namespace } = cloud.details;
    if (webUiUrl !== undefined) steps.note(`Temporal Web UI  ${webUiUrl}/namespaces/${namespace}/workflows`);
    steps.note(`For programs     ${path.relative('', localJsonPath)}`);
    steps.note(`Logs             ${cloud.folder}`);
    steps.note('Ctrl-C           stops everything');
    await untilItEnds(cloud, interruption);
    return 0;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    steps.heading('Interrupted. What was started is stopped.');
    return 130;
  } finally {
    if (cloud !== undefined) await steps.run('Stop', () => cloud?.stop() ?? Promise.resolve());
  }
}

/** Fires at the first Ctrl-C or its like. Who asks again, and means it, does not wait for an orderly stop. */
function interruptionSignal(): AbortSignal {
  const controller = new AbortController();
  let firstAt = 0;
  const parent = process.ppid;
  // An npm that was killed takes nobody along.
  setInterval(() => process.ppid !== parent && controller.abort(new Interrupted()), 1000).unref();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!controller.signal.aborted) {
        firstAt = Date.now();
        controller.abort(new Interrupted());
        // npm passes on what the terminal has sent to everyone already.
      } else if (Date.now() - firstAt > 1000) {
        process.exit(130);
      }
    });
  }
  return controller.signal;
}

/** Resolves when a person has had enough. */
async function untilItEnds(cloud: LocalCloud, interruption: AbortSignal): Promise<void> {
  const interrupted = new Promise<undefined>((resolve) => {
    if (interruption.aborted) resolve(undefined);
    interruption.addEventListener('abort', () => resolve(undefined));
  });
  const failure = await Promise.race([interrupted, cloud.failure]);
  if (failure !== undefined) throw new UserError(failure);
}

// A person who tries Rewind cannot do anything about which Node.js versions the AWS SDK will want one day.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

main().then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    console.error(
      `\n${error instanceof UserError ? error.message : String(error instanceof Error ? error.stack : error)}`,
    );
    process.exit(1);
  },
);
