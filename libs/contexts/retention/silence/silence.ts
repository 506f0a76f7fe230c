import { addDays, aggregate, type Moment } from '#kernel';
import { DefineSilence, DropSilence } from './commands.js';
import { SilenceDefined, SilenceDropped } from './events.js';

/** How long a customer may be silent; `days` left out: for ever. */
export interface Silence {
  readonly days?: number;
  /** Whether inbound interactions count beside purchases. */
  readonly interactions: boolean;
}

export const silence = aggregate<Silence>()({
  name: 'silence',
  description: 'After how long without a sign of life a customer without a contract counts as churned.',
  id: 'silenceId',
  commands: { DefineSilence, DropSilence },
  facts: { SilenceDefined, SilenceDropped },
  initial: { interactions: false },

  decide: {
    DefineSilence: ({ silenceId, days, interactions = false }, silence) =>
      silence.days === days && silence.interactions === interactions ? [] : SilenceDefined({ silenceId, days, interactions }),

    DropSilence: ({ silenceId }, { days }) => (days === undefined ? [] : SilenceDropped({ silenceId })),
  },

  evolve: {
    SilenceDefined: (_, { days, interactions }) => ({ days, interactions }),
    SilenceDropped: () => ({ interactions: false }),
  },
});

/** When a customer has been silent for too long whose last sign of life was at this moment; `undefined`: never. */
export const silentAfter = ({ days }: Silence, lastSignAt: Moment): Moment | undefined =>
  days === undefined ? undefined : addDays(lastSignAt, days);
