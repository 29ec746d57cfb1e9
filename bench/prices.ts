/*
 * List prices in US dollars, us-east-1, without free tiers and discounts, from the services' pricing pages at the start of
 * 2026.
 */

const MILLION = 1e6;
const GB = 1e9;

export const HOURS_A_MONTH = 730;

export const prices = {
  /** Amazon API Gateway pricing: REST APIs, first 333 million a month. */
  apiGatewayRequest: 3.5 / MILLION,
  /** AWS Lambda pricing: Arm, first tier. */
  lambdaGbSecond: 0.0000133334,
  lambdaRequest: 0.2 / MILLION,
  /** Amazon DynamoDB pricing for on-demand capacity: standard table class, since November 2024. Lambda reads streams for nothing. */
  dynamoDbWriteUnit: 0.625 / MILLION,
  dynamoDbReadUnit: 0.125 / MILLION,
  dynamoDbGbMonth: 0.25,
  dynamoDbRecoveryGbMonth: 0.2,
  /** Amazon EventBridge pricing: custom events, of up to 64 KB. */
  eventBridgeEvent: 1 / MILLION,
  /** Amazon CloudWatch pricing: logs ingested, standard class; metrics, first 10,000; dashboards; alarms on one metric. */
  logsByte: 0.5 / GB,
  metricMonth: 0.3,
  dashboardMonth: 3,
  alarmMonth: 0.1,
  /** AWS Secrets Manager pricing. */
  secretMonth: 0.4,
  /** AWS Fargate pricing: Linux on Arm. */
  fargateVcpuHour: 0.03238,
  fargateGbHour: 0.00356,
  /** Amazon VPC pricing: NAT gateways, and the public IPv4 address that each has. */
  natGatewayHour: 0.045,
  publicAddressHour: 0.005,
} as const;
