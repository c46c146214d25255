/** Where a command writes. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Colours are for people: off in pipes, and when `NO_COLOR` is set. */
  readonly colour: boolean;
}

/** The terminal, or whatever stands in its place, of this process. */
export function processTerminal(process: Pick<NodeJS.Process, 'stdout' | 'stderr' | 'env'>): Terminal {
  const { NO_COLOR: noColour } = process.env;
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    colour: process.stdout.isTTY && (noColour === undefined || noColour === ''),
  };
}
