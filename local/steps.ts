const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** What a step reports while it runs. */
export interface StepProgress {
  /** What it is doing; shown until the next one. For what may take long. */
  progress: (doing: string) => void;
  /** Its result; stays on the step's line. */
  result: (what: string) => void;
}

/** Prints steps, one a line, with the time each took. */
export interface Steps {
  run<T>(title: string, work: (step: StepProgress) => Promise<T>): Promise<T>;
  /** A line of its own above the steps that follow. */
  heading(text: string): void;
  /** Text under the steps so far. */
  note(text: string): void;
}

/**
 * On a terminal, a spinner shows the current step; in a file or a log, each line is written once.
 * @param out where to: standard output or standard error
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
  /** Replaces the current line. A line that wraps could not be replaced. */
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
            // Without a spinner, minutes of silence look like a hang.
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

/** Cuts to what fits on one row, not counting the codes that colour it. */
function clip(text: string, columns = 80): string {
  let room = columns - 1;
  // oxlint-disable-next-line no-control-regex -- the codes begin with one
  return text.replaceAll(/\u001B\[\d+m|./gsu, (part) => (part.startsWith('\u001B') || room-- > 0 ? part : ''));
}
