/**
 * What the worker is called to Temporal and to ECS: lib/constructs/worker-service.ts names the task definition so, and
 * functions/set-current-worker-version reads the build id back. They meet here or nowhere.
 */

/** Name of the Temporal worker deployment whose versions the builds are. */
export const workerDeploymentName = 'rewind-worker';

const familyPrefix = 'rewind-worker-';

/**
 * The family of the task definitions that run a build. It holds the build id, so that `ecs:DescribeServices` is enough to
 * tell what a service runs: `ecs:DescribeTaskDefinition`, which would show the container's environment, can only be
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
