import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { RewindConfig } from '../config';

export interface ApiFirewallProps {
  stage: Stage;
  config: NonNullable<RewindConfig['api']['waf']>;
}

/**
 * Rules of AWSManagedRulesCommonRuleSet that would block valid requests, and therefore only count: bodies of up to 64 KiB,
 * query strings of more than 2 KiB (workflow ids and page tokens), and clients without a User-Agent header.
 */
const countedOnly = ['SizeRestrictions_BODY', 'SizeRestrictions_QUERYSTRING', 'NoUserAgent_HEADER'];

/** Puts AWS WAF in front of the API, with an existing web ACL, or with a new one of AWS managed rules and a rate limit per address. */
export class ApiFirewall extends Construct {
  constructor(scope: Construct, id: string, { stage, config }: ApiFirewallProps) {
    super(scope, id);
    const webAclArn = config.webAclArn ?? this.webAcl(config.requestsPer5Minutes ?? 2000).attrArn;
    new CfnWebACLAssociation(this, 'Association', { webAclArn, resourceArn: stage.stageArn });
  }

  private webAcl(requestsPer5Minutes: number): CfnWebACL {
    const visible = (metricName: string) => ({
      metricName,
      cloudWatchMetricsEnabled: true,
      // Samples would contain query strings, which have workflow ids.
      sampledRequestsEnabled: false,
    });
    const managed = (
      name: string,
      priority: number,
      ruleActionOverrides: CfnWebACL.RuleActionOverrideProperty[] = [],
    ) => ({
      name,
      priority,
      overrideAction: { none: {} },
      statement: {
        managedRuleGroupStatement: {
          vendorName: 'AWS',
          name,
          ...(ruleActionOverrides.length > 0 && { ruleActionOverrides }),
        },
      },
      visibilityConfig: visible(name),
    });
    return new CfnWebACL(this, 'WebAcl', {
      scope: 'REGIONAL',
      description: 'In front of the Rewind API',
      defaultAction: { allow: {} },
      visibilityConfig: visible('RewindApi'),
      rules: [
        {
          name: 'RequestsOfAnAddress',
          priority: 0,
          action: { block: {} },
          statement: { rateBasedStatement: { limit: requestsPer5Minutes, aggregateKeyType: 'IP' } },
          visibilityConfig: visible('RequestsOfAnAddress'),
        },
        managed('AWSManagedRulesAmazonIpReputationList', 1),
        managed(
          'AWSManagedRulesCommonRuleSet',
          2,
          countedOnly.map((name) => ({ name, actionToUse: { count: {} } })),
        ),
        managed('AWSManagedRulesKnownBadInputsRuleSet', 3),
      ],
    });
  }
}
