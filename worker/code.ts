import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { Logger, WorkerOptions, WorkflowBundle } from '@temporalio/worker';
import { imageActivities } from './image-activities';

/** Paths of the modules whose exports are the workflows and activities that a worker runs beside Rewind's own. */
export interface CodeModules {
  workflows: readonly string[];
  activities: readonly string[];
}

/** The code that a worker runs, as the SDK's worker takes it; Rewind's own activities are added in worker-options.ts. */
export type WorkerCode = Required<Pick<WorkerOptions, 'workflowBundle' | 'activities'>>;

/**
 * The modules that command-line options name: `--workflows <path> --activities <path>`, each as often as needed.
 * @throws TypeError for any other option
 */
export function namedModules(args: string[]): CodeModules {
  const named = { type: 'string', multiple: true, default: [] as string[] } as const;
  return parseArgs({ args, options: { workflows: named, activities: named } }).values;
}

/** The code of the image, which has it bundled beside this module; from source, the code of the named modules. */
export async function workerCode(modules: CodeModules, logger?: Logger): Promise<WorkerCode> {
  const codePath = path.join(__dirname, 'workflows.bundle.js');
  if (existsSync(codePath)) return { workflowBundle: { codePath }, activities: imageActivities };
  return { workflowBundle: await bundleWorkflows(modules.workflows, logger), activities: activitiesOf(modules) };
}

/** Bundles Rewind's own workflows and those of the modules, as the SDK's worker takes them. */
export async function bundleWorkflows(modules: readonly string[], logger?: Logger): Promise<WorkflowBundle> {
  // The SDK looks for its packages in the folders above the entry point.
  const dist = path.join(__dirname, '../dist');
  await mkdir(dist, { recursive: true });
  const folder = await mkdtemp(path.join(dist, 'workflows-'));
  try {
    const workflowsPath = path.join(folder, 'index.js');
    const from = (file: string) => `from ${JSON.stringify(path.resolve(file))};\n`;
    // A name that is exported by itself comes before those of `export *`.
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
