/** How a command may show things, and its clock. */
export interface CommandContext {
  readonly colour: boolean;
  readonly now: () => Date;
  /** Shows a line while the command still runs; never on stdout with `--json`, which holds one document. */
  readonly print: (line: string) => void;
}
