import { App } from 'aws-cdk-lib';
import { addStages } from './stages';

/* `npx cdk synth --app "npx tsx examples/company/app.ts"` */

const app = new App();
addStages(app);
app.synth();
