import { choice, text } from './declaration';
import type { Command, Option } from './declaration';
import { formats } from '../output/output';

const output = choice('-o, --output <format>', 'text, or the API’s own fields as json or jsonl', formats);

/** Options of every command that calls the API. */
export const sharedOptions = {
  namespace: text('-n, --namespace <name>', 'the namespace; that of the context when left out'),
  context: text('--context <name>', 'a context of "rewind context ls"; also REWIND_CONTEXT', { complete: 'contexts' }),
  apiUrl: text('--api-url <url>', 'the URL of the API instead of a context: the stack’s output ApiUrl'),
  region: text('--region <region>', 'region of --api-url, if its host does not name it'),
  output,
};

/** All options of a command by name, including shared options. */
export const optionsOf = (command: Command): Record<string, Option> => ({
  ...command.options,
  ...(command.offline ? { output } : sharedOptions),
});
