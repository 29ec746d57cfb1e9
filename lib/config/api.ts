import * as z from 'zod';
import { accountId, arn, lowerCaseName } from './formats';

export const throttling = z.strictObject({
  rateLimit: z.number().positive().default(50).describe('Requests per second, for all callers together.'),
  burstLimit: z.int().positive().default(100).describe('Burst limit: concurrent requests of all callers.'),
});

const usagePlan = z.strictObject({
  rateLimit: z.number().positive().describe('Requests per second of this client.'),
  burstLimit: z.int().positive().describe('Burst limit: concurrent requests of this client.'),
  requestsPerDay: z.int().positive().optional().describe('Requests per day; unlimited when absent.'),
});

export const api = z
  .strictObject({
    accountLogRole: z
      .boolean()
      .default(true)
      .describe(
        'Sets the role with which API Gateway writes logs. The account has one such role per region, for all APIs. With `false`, the existing role is kept, and there has to be one.',
      ),
    callerAccounts: z
      .array(accountId)
      .min(1)
      .optional()
      .describe(
        'Other accounts whose principals may call the API, if their own IAM policies allow it too. None when absent.',
      ),
    callerOrganizationId: z
      .string()
      .regex(/^o-[a-z0-9]{10,32}$/, 'the id of an organization, for example o-a1b2c3d4e5')
      .optional()
      .describe('AWS organization whose accounts may call the API, as with `callerAccounts`. None when absent.'),
    cidrs: z
      .array(z.union([z.cidrv4(), z.cidrv6()], 'an address range such as 203.0.113.0/24'))
      .min(1)
      .optional()
      .describe('Address ranges from which callers may connect. All addresses when absent.'),
    vpcEndpointIds: z
      .array(z.string().regex(/^vpce-[0-9a-f]+$/, 'the id of a VPC endpoint for execute-api'))
      .min(1)
      .optional()
      .describe('Makes the API private: it is reachable only through these VPC endpoints. Public when absent.'),
    waf: z
      .strictObject({
        webAclArn: arn(
          String.raw`wafv2:[\w-]+:\d{12}:regional\/webacl\/[\w-]+\/[\w-]+`,
          'the ARN of a regional web ACL of WAFv2',
        )
          .optional()
          .describe('An existing web ACL to use. With `waf: {}`, one is created.'),
        requestsPer5Minutes: z
          .int()
          .min(10)
          .max(2_000_000_000)
          .optional()
          .describe('Rate limit per address in the web ACL that is created; 2,000 when absent.'),
      })
      .refine(
        ({ webAclArn, requestsPer5Minutes }) => webAclArn === undefined || requestsPer5Minutes === undefined,
        'either webAclArn or requestsPer5Minutes: an existing web ACL has its own rules',
      )
      .optional()
      .describe('Puts a web application firewall in front of the API. None when absent.'),
    usagePlans: z
      .record(lowerCaseName, usagePlan)
      .default({})
      .describe(
        'Limits for each client, by name. Every request then needs an API key, which identifies the client. None when absent.',
      ),
  })
  .refine(
    ({ cidrs, vpcEndpointIds }) => cidrs === undefined || vpcEndpointIds === undefined,
    'either cidrs or vpcEndpointIds: a private API has no public callers',
  );
