import type { Recorded } from '#kernel';

/** What somebody outside asks for. */
export interface Leaving {
  /** Imported history from before its cut-over too: nobody gets it who did not ask for it. */
  readonly history?: boolean;
}

/** Whether a fact leaves the system, by topics or webhooks: a public one, unless it is history that was imported from elsewhere. */
export const leaves = (
  { visibility, imported, occurredAt }: Pick<Recorded, 'visibility' | 'imported' | 'occurredAt'>,
  { history = false }: Leaving = {},
): boolean => visibility === 'public' && (history || imported === undefined || occurredAt >= imported.cutOver);
