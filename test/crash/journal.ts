import type { CommandAnswer } from '#runtime';

export interface SentCommand {
  readonly key: string;
  readonly command: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** `open`: sent, and nobody knows what became of it. */
export type Outcome =
  | { readonly state: 'open' }
  | { readonly state: 'acknowledged'; readonly answer: CommandAnswer }
  | { readonly state: 'refused'; readonly status: number; readonly code: string };

export interface Entry {
  readonly sent: SentCommand;
  outcome: Outcome;
}

/** What was sent and what was answered, kept outside the server: the judge of what the server may not forget. */
export class Journal {
  readonly entries: Entry[] = [];

  record(sent: SentCommand): Entry {
    const entry: Entry = { sent, outcome: { state: 'open' } };
    this.entries.push(entry);
    return entry;
  }

  get open(): readonly Entry[] {
    return this.entries.filter(({ outcome }) => outcome.state === 'open');
  }

  get acknowledged(): readonly (Entry & { outcome: { readonly answer: CommandAnswer } })[] {
    return this.entries.filter(({ outcome }) => outcome.state === 'acknowledged') as (Entry & {
      outcome: { readonly answer: CommandAnswer };
    })[];
  }
}
