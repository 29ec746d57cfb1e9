import * as z from 'zod';
import { defaultTaskQueue } from '../../worker/config';
import { namespaceName, subnetIds, vpcId } from './formats';

const modules = z.array(
  z.string().regex(/^(?!\/)(?!.*\.\.)[\w@./-]+$/, 'the path of a module, relative to the root of this repository'),
);

/**
 * Minimum and maximum memory of a Fargate task in MiB, by CPU units. Memory is a multiple of 1,024, or the minimum.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
const fargateMemory = {
  256: [512, 2048],
  512: [1024, 4096],
  1024: [2048, 8192],
  2048: [4096, 16384],
  4096: [8192, 30720],
};

const cpuUnits = [256, 512, 1024, 2048, 4096] as const;

export const worker = z
  .strictObject({
    namespace: namespaceName.describe('Namespace that it polls; one of `namespaces`.'),
    taskQueue: z
      .string()
      .min(1)
      .max(200)
      .default(defaultTaskQueue)
      .describe('Task queue that it polls. Deployments of Rewind that serve the same namespace need different ones.'),
    cpu: z
      .union(cpuUnits.map((units) => z.literal(units)))
      .default(512)
      .describe('CPU units of a task: 256, 512, 1024, 2048 or 4096.'),
    memoryMiB: z
      .int()
      .optional()
      .describe('Memory of a task. Fargate limits it by `cpu`. Twice the CPU units, and at least 1024, when absent.'),
    minCapacity: z.int().min(1).default(1).describe('Minimum number of tasks.'),
    maxCapacity: z.int().min(1).default(10).describe('Maximum number of tasks.'),
    vpcId: vpcId.optional().describe('An existing VPC; one is created when absent.'),
    subnetIds: subnetIds
      .optional()
      .describe('Subnets of `vpcId` for the tasks; the private subnets with egress when absent.'),
    workflows: modules
      .optional()
      .describe(
        'Modules whose exports are workflows that the worker also runs. They are built into the image. Only batch operations when absent.',
      ),
    activities: modules.optional().describe('Modules whose exports are the activities of these workflows.'),
    imageUri: z
      .string()
      .regex(/(?:@sha256:|:)[\w.-]+$/, 'an image with a tag or digest')
      .optional()
      .describe(
        'An image in a registry, with a digest, or with a tag that stays with its image, because it is the build id; the image of this repository is built when absent.',
      ),
  })
  .refine(
    ({ imageUri, workflows, activities }) => imageUri === undefined || (workflows ?? activities) === undefined,
    'either imageUri or workflows and activities: an image from a registry already contains its modules',
  )
  .refine(({ vpcId: vpc, subnetIds: subnets }) => subnets === undefined || vpc !== undefined, {
    path: ['subnetIds'],
    message: 'needs vpcId, the VPC of the subnets',
  })
  .refine(({ minCapacity, maxCapacity }) => minCapacity <= maxCapacity, {
    path: ['minCapacity'],
    message: 'must not be more than maxCapacity',
  })
  .transform(({ memoryMiB, ...config }) => ({ ...config, memoryMiB: memoryMiB ?? Math.max(1024, 2 * config.cpu) }))
  .superRefine(({ cpu, memoryMiB }, context) => {
    const [least = 0, most = 0] = fargateMemory[cpu];
    if (memoryMiB === least || (memoryMiB % 1024 === 0 && memoryMiB >= least && memoryMiB <= most)) return;
    const message = `with cpu ${cpu}, Fargate allows ${least} to ${most} in steps of 1024`;
    context.addIssue({ code: 'custom', path: ['memoryMiB'], message });
  });
