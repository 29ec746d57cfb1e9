const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Functions with which a step reports. */
interface StepProgress {
  /** Reports a slow activity, which is shown until the next report. */
  progress: (doing: string) => void;
  /** Reports the result, which stays on the step's line. */
  result: (what: string) => void;
}

/** Prints one line per step, with its duration. */
export interface Steps {
  run<T>(title: string, work: (step: StepProgress) => Promise<T>): Promise<T>;
  /** Prints a heading for the following steps. */
  heading(text: string): void;
  /** Prints text below the steps so far. */
  note(text: string): void;
}

/**
 * Creates a printer of steps. On a terminal, a spinner shows the current step; in a file, each line is written once.
 * @param out standard output or standard error
 */
export function stepsOn(out: NodeJS.WriteStream): Steps {
  const live = out.isTTY && process.env['TERM'] !== 'dumb';
  const colour = live && !process.env['NO_COLOR'];
  const paint = (code: number) => (text: string) => (colour ? `\u001B[${code}m${text}\u001B[0m` : text);
  const [bold, dim, red, green, cyan] = [paint(1), paint(2), paint(31), paint(32), paint(36)];

  const line = (mark: string, title: string, detail: string, seconds: number) => {
    const text = detail === '' ? title : `${title} ${dim('·')} ${dim(detail)}`;
    return `  ${mark} ${text} ${dim(`(${seconds.toFixed(1)} s)`)}`;
  };
  /** Replaces the current line. The text is cut, because a wrapped line could not be replaced. */
  const overwrite = (text: string) => out.write(`\r\u001B[2K${clip(text, out.columns)}`);

  return {
    heading: (text) => out.write(`\n${bold(text)}\n`),
    note: (text) => out.write(`${text.replaceAll(/^/gm, '    ').replaceAll(/https?:\S+/g, (url) => cyan(url))}\n`),
    run: async (title, work) => {
      const started = performance.now();
      const seconds = () => (performance.now() - started) / 1000;
      let [doing, result, frame] = ['', '', 0];
      const draw = () => overwrite(line(cyan(SPINNER[frame++ % SPINNER.length] ?? ''), title, doing, seconds()));
      const timer = live ? setInterval(draw, 100) : undefined;
      if (live) draw();
      const end = (mark: string, detail: string) => {
        clearInterval(timer);
        if (live) out.write('\r\u001B[2K');
        out.write(`${line(mark, title, detail, seconds())}\n`);
      };
      try {
        const value = await work({
          progress: (now) => {
            doing = now;
            // Without a spinner, minutes without output look like a hang.
            if (!live) out.write(`    ${title}: ${now}…\n`);
          },
          result: (what) => {
            result = what;
          },
        });
        end(green('✔'), result);
        return value;
      } catch (error) {
        end(red('✘'), doing);
        throw error;
      }
    },
  };
}

/** Cuts text to one row, not counting colour codes. */
function clip(text: string, columns = 80): string {
  let room = columns - 1;
  // oxlint-disable-next-line no-control-regex -- the codes begin with one
  return text.replaceAll(/\u001B\[\d+m|./gsu, (part) => (part.startsWith('\u001B') || room-- > 0 ? part : ''));
}
