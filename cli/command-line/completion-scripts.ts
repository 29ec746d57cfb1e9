/** Completion scripts by shell. A shell reads its script once, and then runs `rewind __complete` for each completion. */
export const scripts = {
  bash: `_rewind() {
  local value
  COMPREPLY=()
  while IFS=$'\\t' read -r value _; do
    COMPREPLY+=("$(printf %q "$value")")
  done < <(rewind __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _rewind rewind
`,
  zsh: `#compdef rewind
_rewind() {
  local -a found
  local value meaning
  rewind __complete "\${(@)words[2,CURRENT]}" 2>/dev/null | while IFS=$'\\t' read -r value meaning; do
    found+=("\${value//:/\\\\:}:\${meaning}")
  done
  _describe rewind found
}
compdef _rewind rewind
`,
  fish: `complete -c rewind -f -a '(rewind __complete (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`,
} as const;
export type Shell = keyof typeof scripts;
