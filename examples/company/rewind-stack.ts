import { Aspects, CfnOutput, RemovalPolicies, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import { CfnRestApi, EndpointType, SecurityPolicy } from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { CfnEventBus, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as EventBusTarget } from 'aws-cdk-lib/aws-events-targets';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { RewindControl } from 'rewind';
import { CompanyKey, EncryptedLogsAndQueues, LogRetention, RolePath } from './aspects';

export interface RewindStackProps extends StackProps {
  /** The Temporal namespace that this stage serves, and its secret. */
  namespace: string;
  secretArn: string;
  /** Domain name of the API: `rewind.example.com`. */
  domainName: string;
  certificateArn: string;
  /** Stream of an existing ledger table; a new table is created when absent. */
  ledgerStreamArn?: string;
}

/**
 * Rewind with the rules of a company. This stack uses the CDK where it can change a construct of another package; the configuration has
 * keys for the rest. docs/company-rules.md lists both.
 */
export class RewindStack extends Stack {
  constructor(scope: Construct, id: string, props: RewindStackProps) {
    super(scope, id, props);
    const { namespace, secretArn, domainName, certificateArn, ledgerStreamArn } = props;
    const key = new CompanyKey(this, 'Key');
    const alarms = new Topic(this, 'Alarms', { masterKey: key });

    const rewind = new RewindControl(this, 'Rewind', {
      namespaces: {
        [namespace]: {
          // The interface endpoint of Temporal Cloud’s PrivateLink; the server’s certificate is for the namespace’s name.
          address: 'vpce-0a1b2c3d4e5f60718-a1b2c3d4.vpce-svc-0f1e2d3c4b5a69788.eu-west-1.vpce.amazonaws.com:7233',
          tlsServerName: `${namespace}.tmprl.cloud`,
          webUiUrl: 'https://cloud.temporal.io',
          secretArn,
        },
      },
      functions: {
        vpcId: 'vpc-0a1b2c3d4e5f60718',
        subnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-1a2b3c4d5e6f70819'],
      },
      api: { accountLogRole: false },
      ledger: ledgerStreamArn === undefined ? {} : { tableStreamArn: ledgerStreamArn },
      triggers: {
        'order-withdrawn': {
          sources: ['acme.orders'],
          eventPattern: { 'detail-type': ['OrderWithdrawn'] },
          namespace,
          workflowId: 'order-<$.detail.orderId>',
        },
      },
      alarmTopicArn: alarms.topicArn,
      runbookUrl: 'https://wiki.acme.example/rewind/runbook',
    });

    this.serveAt(domainName, certificateArn, rewind);
    this.connectToCompanyBus(rewind);
    this.followRules(key);
  }

  /** Gives the API a custom domain name, and disables its default address. */
  private serveAt(domainName: string, certificateArn: string, { api: { restApi } }: RewindControl): void {
    const domain = restApi.addDomainName('Domain', {
      domainName,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
    const api = restApi.node.defaultChild;
    if (api instanceof CfnRestApi) api.disableExecuteApiEndpoint = true;
    // `rewind context add acme --stack …` reads ApiUrl. A Route 53 record for the domain points to DomainTarget.
    new CfnOutput(this, 'ApiUrl', { value: `https://${domainName}` });
    new CfnOutput(this, 'DomainTarget', { value: domain.domainNameAliasDomainName });
  }

  /** Forwards events from the company’s bus and to it. Rewind’s own bus is still needed: its policy restricts the source `rewind`. */
  private connectToCompanyBus({ bus }: RewindControl): void {
    // The CDK’s default name contains the stack’s name without hyphens.
    const ownBus = bus.node.defaultChild;
    if (ownBus instanceof CfnEventBus) ownBus.name = `${this.stackName}-events`;
    const companyBus = EventBus.fromEventBusName(this, 'CompanyBus', 'acme-events');
    new Rule(this, 'ToRewind', {
      eventBus: companyBus,
      eventPattern: { source: ['acme.orders'], detailType: ['OrderWithdrawn'] },
      targets: [new EventBusTarget(bus)],
    });
    new Rule(this, 'FromRewind', {
      eventBus: bus,
      eventPattern: { source: ['rewind'] },
      targets: [new EventBusTarget(companyBus)],
    });
  }

  private followRules(key: CompanyKey): void {
    const boundary = ManagedPolicy.fromManagedPolicyName(this, 'Boundary', 'acme-permissions-boundary');
    PermissionsBoundary.of(this).apply(boundary);
    Aspects.of(this).add(new RolePath('/acme/'));
    Aspects.of(this).add(new EncryptedLogsAndQueues(key));
    Aspects.of(this).add(new LogRetention(30));
    // `cdk destroy` keeps only the ledger.
    RemovalPolicies.of(this).destroy({ excludeResourceTypes: ['AWS::DynamoDB::GlobalTable'] });
  }
}
