import * as z from 'zod';
import { namespaceName } from './formats';

const modules = z.array(
  z.string().regex(/^(?!\/)(?!.*\.\.)[\w@./-]+$/, 'the path of a module from the root of this repository'),
);

export const worker = z
  .strictObject({
    namespace: namespaceName.describe('Namespace it polls; one of `namespaces`.'),
    taskQueue: z.string().min(1).optional().describe('Task queue it polls; `rewind-orders` when absent.'),
    cpu: z
      .union([256, 512, 1024, 2048, 4096].map((units) => z.literal(units)))
      .optional()
      .describe('CPU units of a task; 512 when absent.'),
    memoryMiB: z.int().min(512).optional().describe('Memory of a task; 1024 when absent.'),
    minCapacity: z.int().min(1).optional().describe('Fewest tasks; 1 when absent.'),
    maxCapacity: z.int().min(1).optional().describe('Most tasks; 10 when absent.'),
    vpcId: z
      .string()
      .regex(/^vpc-[0-9a-f]+$/, 'the id of a VPC')
      .optional()
      .describe('An existing VPC; one is made when absent.'),
    workflows: modules
      .optional()
      .describe(
        'Modules whose exports are workflows it runs too, built into the image. Only batch operations when absent.',
      ),
    activities: modules.optional().describe('Modules whose exports are the activities of these workflows.'),
    imageUri: z
      .string()
      .min(1)
      .optional()
      .describe('An image in a registry; this repository’s own is built when absent.'),
  })
  .refine(
    ({ imageUri, workflows, activities }) => imageUri === undefined || (workflows ?? activities) === undefined,
    'either imageUri or workflows and activities: an image that is built elsewhere has its modules in it',
  );
