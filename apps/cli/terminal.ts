/** Where a command writes and what it reads of its surroundings; tests bring their own. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly note: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isInteractive: boolean;
}

export const processTerminal: Terminal = {
  out: (text) => process.stdout.write(text),
  note: (text) => process.stderr.write(text),
  env: process.env,
  isInteractive: process.stderr.isTTY === true,
};

export const printJson = (terminal: Terminal, value: unknown): void => terminal.out(`${JSON.stringify(value)}\n`);
export const printText = (terminal: Terminal, text: string): void => terminal.out(text.endsWith('\n') ? text : `${text}\n`);
