import * as z from 'zod';
import { accountId, arn, lowerCaseName } from './formats';

export const throttling = z.strictObject({
  rateLimit: z.number().positive().default(50).describe('Requests per second, over all callers.'),
  burstLimit: z.int().positive().default(100).describe('Requests at once.'),
});

const usagePlan = z.strictObject({
  rateLimit: z.number().positive().describe('Requests per second of this client.'),
  burstLimit: z.int().positive().describe('Requests of this client at once.'),
  requestsPerDay: z.int().positive().optional().describe('Requests a day; not counted when absent.'),
});

export const api = z
  .strictObject({
    accountLogRole: z
      .boolean()
      .default(true)
      .describe(
        'Sets the role by which API Gateway writes logs, which is one for all APIs of the account and region. With `false` the account’s own stays, and has to be there.',
      ),
    callerAccounts: z
      .array(accountId)
      .min(1)
      .optional()
      .describe('Other accounts whose principals may call, if their own IAM allows it too. None when absent.'),
    callerOrganizationId: z
      .string()
      .regex(/^o-[a-z0-9]{10,32}$/, 'the id of an organization, for example o-a1b2c3d4e5')
      .optional()
      .describe('The same for every account of an AWS organization.'),
    cidrs: z
      .array(z.union([z.cidrv4(), z.cidrv6()], 'an address range such as 203.0.113.0/24'))
      .min(1)
      .optional()
      .describe('Refuses callers from other addresses. All may call when absent.'),
    vpcEndpointIds: z
      .array(z.string().regex(/^vpce-[0-9a-f]+$/, 'the id of a VPC endpoint for execute-api'))
      .min(1)
      .optional()
      .describe('Makes the API private: only these VPC endpoints lead to it. Public when absent.'),
    waf: z
      .strictObject({
        webAclArn: arn(
          String.raw`wafv2:[\w-]+:\d{12}:regional\/webacl\/[\w-]+\/[\w-]+`,
          'the ARN of a regional web ACL of WAFv2',
        )
          .optional()
          .describe('Web application firewall in front of the API: an existing web ACL. `waf: {}` makes one.'),
        requestsPer5Minutes: z
          .int()
          .min(10)
          .max(2_000_000_000)
          .optional()
          .describe('Requests from one address, for the web ACL that is made; 2,000 when absent.'),
      })
      .refine(
        ({ webAclArn, requestsPer5Minutes }) => webAclArn === undefined || requestsPer5Minutes === undefined,
        'either webAclArn or requestsPer5Minutes: an existing web ACL has rules of its own',
      )
      .optional()
      .describe('Puts a web application firewall in front of the API. None when absent.'),
    usagePlans: z
      .record(lowerCaseName, usagePlan)
      .default({})
      .describe('Limits for each client, identified by an API key, which every request then needs. None when absent.'),
  })
  .refine(
    ({ cidrs, vpcEndpointIds }) => cidrs === undefined || vpcEndpointIds === undefined,
    'either cidrs or vpcEndpointIds: a private API has no public callers',
  );
