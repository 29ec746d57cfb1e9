import { scripts } from '../command-line/completion-scripts';
import type { Shell } from '../command-line/completion-scripts';
import { defineCommand } from '../command-line/declaration';

export const completion = defineCommand({
  name: 'completion',
  summary: 'Print a script with which a shell completes commands, options and contexts',
  args: [{ name: '<shell>', description: 'which shell', choices: Object.keys(scripts) }],
  offline: true,
  examples: [
    { line: 'rewind completion bash >~/.local/share/bash-completion/completions/rewind', does: 'for bash' },
    { line: 'rewind completion zsh >~/.zfunc/_rewind', does: 'for zsh, where ~/.zfunc is in fpath' },
    { line: 'rewind completion fish >~/.config/fish/completions/rewind.fish', does: 'for fish' },
  ],
  run(session, _options, [shell = '']) {
    session.terminal.stdout.write(scripts[shell as Shell]);
  },
});
