import type { RewindConfigInput } from '../../lib/config';
import { startLocalCloud } from '../../local/cloud';
import type { LocalCloud } from '../../local/cloud';
import { defaultConfig } from '../../local/deployment-config';
import { stepsOn } from '../../local/steps';
import { walkedConfig } from './documentation';

declare global {
  /** The cloud that the tests share; jest runs its global setup and teardown in one process. */
  var rewindLocalCloud: LocalCloud | undefined;
}

/**
 * Brings up one local cloud for all end-to-end tests, with the configuration that README walks through, and leaves the path of its details in `REWIND_E2E_LOCAL_JSON`. Where
 * that is set already, the cloud it names is used, which saves half a minute while tests are being written:
 * `npm start` (for readme.test.ts with README's configuration) in one terminal, `REWIND_E2E_LOCAL_JSON=.rewind/local.json npx jest --selectProjects e2e` in another.
 */
export default async function startSharedCloud(): Promise<void> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  if (process.env['REWIND_E2E_LOCAL_JSON']) return;
  const steps = stepsOn(process.stderr);
  steps.heading('Local cloud for the end-to-end tests');
  const config = walkedConfig();
  const [namespace = ''] = Object.keys(config.namespaces);
  const { namespaces, access, triggers, cancellationRequests } = defaultConfig([namespace, 'another.local']);
  globalThis.rewindLocalCloud = await startLocalCloud({
    steps,
    config: {
      ...config,
      namespaces: { ...namespaces, ...config.namespaces },
      access,
      triggers: { ...config.triggers, ...renamed(triggers) },
      cancellationRequests,
    },
  });
  process.env['REWIND_E2E_LOCAL_JSON'] = globalThis.rewindLocalCloud.detailsFile;
}

/** The tests' own triggers beside README's. */
const renamed = (triggers: RewindConfigInput['triggers'] = {}) =>
  Object.fromEntries(Object.entries(triggers).map(([name, trigger]) => [`local-${name}`, trigger]));
