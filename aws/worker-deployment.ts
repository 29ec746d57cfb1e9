/**
 * The worker's names in Temporal and ECS: lib/worker-stack.ts sets them, and functions/set-current-worker-version reads the
 * build id back.
 */

/**
 * Name of the Temporal worker deployment whose versions the builds are. One for each task queue: a deployment's current
 * version has to serve every queue of the version before it, so workers of two queues in one deployment exclude each
 * other. Characters that Temporal does not take in the name are written as `_` and their code.
 */
export const workerDeploymentName = (taskQueue: string): string =>
  `rewind-worker-${taskQueue.replaceAll(/[^A-Za-z0-9-]/gu, (character) => `_${character.codePointAt(0)?.toString(16)}_`)}`;

const familyPrefix = 'rewind-worker-';

/**
 * The family of the task definitions that run a build. It holds the build id, so that `ecs:DescribeServices` is enough to
 * find out what a service runs: `ecs:DescribeTaskDefinition`, which would show the container's environment, can only be
 * allowed on `*`. A family has no dots, so they are written `_d`, and `_` is `_u`.
 */
export const taskFamilyOf = (buildId: string): string =>
  familyPrefix + buildId.replaceAll('_', '_u').replaceAll('.', '_d');

/**
 * The build that a task definition runs.
 * @param taskDefinitionArn `arn:…:task-definition/<family>:<revision>`
 * @throws Error when its family is none of {@link taskFamilyOf}
 */
export function buildIdOf(taskDefinitionArn: string): string {
  const family = /:task-definition\/([\w-]+):\d+$/.exec(taskDefinitionArn)?.[1];
  if (!family?.startsWith(familyPrefix)) throw new Error(`${taskDefinitionArn} does not say which build it runs`);
  return family.slice(familyPrefix.length).replaceAll('_d', '.').replaceAll('_u', '_');
}
