import path from 'node:path';
import type { RewindConfigInput } from '../../lib/config';
import { startLocalStack } from '../../local/local-stack';
import type { RunningStack } from '../../local/local-stack';
import { defaultConfig } from '../../local/deployment-config';
import { createInstanceFolder } from '../../local/processes/instance-folder';
import type { InstanceFolder } from '../../local/processes/instance-folder';
import { stepsOn } from '../../local/steps';
import { walkthroughConfig } from './documentation';
import { testTriggerConfig } from './test-triggers';
import { detailsFileVariable, reportStartup, startupFileVariable } from './local-stack-startup';

declare global {
  /** The shared local stack; jest runs its global setup and teardown in one process. */
  var rewindLocalStack: { folder: InstanceFolder; cloud: Promise<RunningStack | undefined> } | undefined;
}

/**
 * Starts one local stack for all end-to-end tests, with the configuration of docs/walkthrough.md. Other tests run
 * during the start; e2e-environment.ts waits for it.
 *
 * With `REWIND_E2E_LOCAL_JSON`, uses a running local stack instead, which saves half a minute: `npm start` (for walkthrough.test.ts with the configuration of
 * docs/walkthrough.md) in one terminal, `REWIND_E2E_LOCAL_JSON=.rewind/local.json npx jest --selectProjects e2e` in another.
 */
export default async function startSharedCloud(): Promise<void> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  if (process.env[detailsFileVariable]) return;
  const folder = await createInstanceFolder();
  const file = path.join(folder.path, 'startup.json');
  process.env[startupFileVariable] = file;
  const cloud = start().then(
    (started) => {
      reportStartup(file, { detailsFile: started.files.json });
      return started;
    },
    (error: unknown) => {
      reportStartup(file, { failure: String(error) });
      return undefined;
    },
  );
  globalThis.rewindLocalStack = { folder, cloud };
}

function start(): Promise<RunningStack> {
  // Whole lines without cursor movements, because Jest writes to stderr too.
  const steps = stepsOn({ isTTY: false, write: (text: string) => process.stderr.write(text) } as NodeJS.WriteStream);
  steps.heading('Local stack for the end-to-end tests');
  const config = walkthroughConfig();
  const [namespace = ''] = Object.keys(config.namespaces);
  const { namespaces, access, triggers, cancellationRequests } = defaultConfig([namespace, 'another.local']);
  return startLocalStack({
    steps,
    config: {
      ...config,
      namespaces: { ...namespaces, ...config.namespaces },
      access,
      triggers: { ...config.triggers, ...renamed(triggers), ...testTriggerConfig(namespace) },
      cancellationRequests,
    },
  });
}

/** Renames the default triggers, so that they do not collide with those of the walk-through. */
const renamed = (triggers: RewindConfigInput['triggers'] = {}) =>
  Object.fromEntries(Object.entries(triggers).map(([name, trigger]) => [`local-${name}`, trigger]));
