import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { Logger, WorkerOptions, WorkflowBundle } from '@temporalio/worker';
import { imageActivities } from './image-activities';

/** Paths of modules that export further workflows and activities for the worker, in addition to Rewind's own. */
export interface CodeModules {
  workflows: readonly string[];
  activities: readonly string[];
}

/** Code options for the SDK's worker. worker-options.ts adds Rewind's own activities. */
export type WorkerCode = Required<Pick<WorkerOptions, 'workflowBundle' | 'activities'>>;

/**
 * Parses the command-line options `--workflows <path>` and `--activities <path>`, which can be repeated.
 * @throws {TypeError} for any other option
 */
export function namedModules(args: string[]): CodeModules {
  const named = { type: 'string', multiple: true, default: [] as string[] } as const;
  return parseArgs({ args, options: { workflows: named, activities: named } }).values;
}

/** Loads the worker's code: the bundle beside this module in the image, or the given modules when run from source. */
export async function workerCode(modules: CodeModules, logger?: Logger): Promise<WorkerCode> {
  const codePath = path.join(__dirname, 'workflows.bundle.js');
  if (existsSync(codePath)) return { workflowBundle: { codePath }, activities: imageActivities };
  return { workflowBundle: await bundleWorkflows(modules.workflows, logger), activities: activitiesOf(modules) };
}

/** Bundles Rewind's own workflows and those of the modules for the SDK's worker. */
export async function bundleWorkflows(modules: readonly string[], logger?: Logger): Promise<WorkflowBundle> {
  // The entry point is inside the project, because the SDK resolves its packages from the entry point's folder.
  const dist = path.join(__dirname, '../dist');
  await mkdir(dist, { recursive: true });
  const folder = await mkdtemp(path.join(dist, 'workflows-'));
  try {
    const workflowsPath = path.join(folder, 'index.js');
    const from = (file: string) => `from ${JSON.stringify(path.resolve(file))};\n`;
    // An explicit export takes precedence over `export *`.
    const own = `export { batchOperation } ${from(path.join(__dirname, 'workflows/index.ts'))}`;
    await writeFile(workflowsPath, own + modules.map((module) => `export * ${from(module)}`).join(''));
    return await bundleWorkflowCode({ workflowsPath, logger });
  } finally {
    await rm(folder, { recursive: true });
  }
}

function activitiesOf({ activities }: CodeModules): object {
  // oxlint-disable-next-line typescript/no-require-imports -- the modules are named at run time
  return Object.assign({}, ...activities.map((module): object => require(path.resolve(module))));
}
