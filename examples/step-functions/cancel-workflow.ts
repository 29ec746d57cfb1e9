import { Duration } from 'aws-cdk-lib';
import { Choice, Condition, DefinitionBody, JsonPath, StateMachine, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import { TaskInput, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import { AuthType, CallApiGatewayRestApiEndpoint, HttpMethod } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import type { RewindControl } from 'rewind';

export interface CancelWorkflowProps {
  rewind: RewindControl;
  /** The namespace of the workflows, for example `prod.a1b2c`. */
  namespace: string;
  /** Whether the input also has `firstExecutionRunId`, the first run of the workflow's chain, for requests that waited before. */
  ofChain?: boolean;
  /** How long the state machine waits for the workflow to close. */
  timeout?: Duration;
}

/** Step Functions names the error of a failed call after its HTTP status. These are transient: the request can be sent again under its key. */
const TRANSIENT = ['ApiGateway.429', 'ApiGateway.500', 'ApiGateway.502', 'ApiGateway.503', 'ApiGateway.504'];

/**
 * A state machine that requests the cancellation of a workflow, and ends when the workflow has closed, also if a newer workflow has its id by then.
 * Its input is `{"workflowId": "order-1234", "reason": "withdrawn"}`. It fails with a timeout if the workflow stays open.
 */
export class CancelWorkflow extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: CancelWorkflowProps) {
    super(scope, id);
    const { rewind, namespace, ofChain, timeout = Duration.hours(1) } = props;
    const { restApi } = rewind.api;
    const { stageName } = restApi.deploymentStage;
    const api = { api: restApi, stageName, authType: AuthType.IAM_ROLE };
    const workflows = `/namespaces/${namespace}/workflows`;
    const retry = { errors: TRANSIENT, interval: Duration.seconds(2), backoffRate: 2, maxAttempts: 5 };
    /** The first run of the chain to cancel. A workflow that is started later under the same id has another one. */
    const firstRun = ofChain ? '$.firstExecutionRunId' : '$.found.firstExecutionRunId';

    const describe = (name: string, resultPath: string) =>
      new CallApiGatewayRestApiEndpoint(this, name, {
        ...api,
        method: HttpMethod.GET,
        apiPath: `${workflows}/describe`,
        queryParameters: TaskInput.fromObject({ workflowId: JsonPath.array(JsonPath.stringAt('$.workflowId')) }),
        resultSelector: {
          'status.$': '$.ResponseBody.status',
          'firstExecutionRunId.$': '$.ResponseBody.firstExecutionRunId',
        },
        resultPath,
      }).addRetry(retry);

    const cancel = new CallApiGatewayRestApiEndpoint(this, 'Cancel', {
      ...api,
      method: HttpMethod.POST,
      apiPath: `${workflows}/cancel`,
      // One execution is one operation, however often the state is retried.
      headers: TaskInput.fromObject({ 'Idempotency-Key': JsonPath.array(JsonPath.executionId) }),
      requestBody: TaskInput.fromObject({
        workflowId: JsonPath.stringAt('$.workflowId'),
        firstExecutionRunId: JsonPath.stringAt(firstRun),
        reason: JsonPath.stringAt('$.reason'),
        waitSeconds: 20,
      }),
      resultPath: JsonPath.DISCARD,
    }).addRetry(retry);

    const poll = describe('Describe', '$.workflow');
    const wait = new Wait(this, 'Wait', { time: WaitTime.duration(Duration.minutes(1)) });
    const isOpen = Condition.and(
      Condition.stringEqualsJsonPath('$.workflow.firstExecutionRunId', firstRun),
      Condition.or(...['Running', 'Paused'].map((open) => Condition.stringEquals('$.workflow.status', open))),
    );
    const choice = new Choice(this, 'Is it open?').when(isOpen, wait.next(poll)).otherwise(new Succeed(this, 'Closed'));
    cancel.next(poll).next(choice);

    this.stateMachine = new StateMachine(this, 'StateMachine', {
      definitionBody: DefinitionBody.fromChainable(ofChain ? cancel : describe('Find', '$.found').next(cancel)),
      timeout,
    });
  }
}
