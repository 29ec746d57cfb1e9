/**
 * Names of the worker in Temporal and ECS. lib/worker-stack.ts sets them, and functions/set-current-worker-version reads the
 * build id from the task family.
 */

/**
 * Returns the name of the Temporal worker deployment for a task queue. Each task queue has its own deployment, because
 * Temporal requires the current version of a deployment to poll every task queue of the previous version. Characters that
 * are not allowed in the name are replaced by `_`, their code point in hexadecimal, and `_`.
 */
export const workerDeploymentName = (taskQueue: string): string =>
  `rewind-worker-${taskQueue.replaceAll(/[^A-Za-z0-9-]/gu, (character) => `_${character.codePointAt(0)?.toString(16)}_`)}`;

const familyPrefix = 'rewind-worker-';

/**
 * Returns the family of the ECS task definitions for a build. It contains the build id, so that `ecs:DescribeServices` shows
 * which build a service runs. The alternative, `ecs:DescribeTaskDefinition`, exposes the container's environment and can only
 * be granted on `*`. Dots are not allowed in a family, so `.` is written as `_d` and `_` as `_u`.
 */
export const taskFamilyOf = (buildId: string): string =>
  familyPrefix + buildId.replaceAll('_', '_u').replaceAll('.', '_d');

/**
 * Returns the build id of a task definition.
 * @param taskDefinitionArn `arn:…:task-definition/<family>:<revision>`
 * @throws {Error} when the family is not from {@link taskFamilyOf}
 */
export function buildIdOf(taskDefinitionArn: string): string {
  const family = /:task-definition\/([\w-]+):\d+$/.exec(taskDefinitionArn)?.[1];
  if (!family?.startsWith(familyPrefix)) throw new Error(`${taskDefinitionArn} does not contain a build id`);
  return family.slice(familyPrefix.length).replaceAll('_d', '.').replaceAll('_u', '_');
}
