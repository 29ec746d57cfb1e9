import { detailsFileVariable, localStackStarted } from './local-stack-startup';
import NodeEnvironment from './node-environment';

/** The environment of end-to-end tests. Each file waits here until the local stack, which starts during other tests, is up. */
export default class LocalCloudEnvironment extends NodeEnvironment {
  override async setup(): Promise<void> {
    await super.setup();
    this.global.process.env[detailsFileVariable] ??= await localStackStarted();
  }
}
