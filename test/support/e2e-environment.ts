import { TestEnvironment } from 'jest-environment-node';
import { detailsFileVariable, localStackStarted } from './local-stack-startup';

/** Where the end-to-end tests run. Each file waits here until the local stack is up, which starts beside other tests. */
export default class LocalCloudEnvironment extends TestEnvironment {
  override async setup(): Promise<void> {
    await super.setup();
    this.global.process.env[detailsFileVariable] ??= await localStackStarted();
  }
}
