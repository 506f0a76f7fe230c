import { IsIn, IsOptional } from 'class-validator';
import { Type } from 'typebox';
import { addDays, aggregate, Command, derivedId, Field, fact, Id, IsMoment, MomentField, refuse } from '#kernel';

/** A tenant has one clock, so its stream has this id in every tenant. */
export const clockId = derivedId('clock');

/** Beyond the lifetime of any contract, and far from where moments cease to be texts of one length. */
const FURTHEST_DAYS = 36_500;

export const ClockSet = fact(
  'ClockSet',
  'The clock of this sandbox shows a later time from now on, and runs on from there.',
  {
    clockId: Id('the one clock that there is'),
    from: MomentField('what it showed'),
    to: MomentField('what it shows instead'),
    ahead: Type.Integer({ minimum: 0, description: 'number of milliseconds by which it is ahead of the clock of the servers' }),
  },
  { visibility: 'internal' },
);

@Command({
  route: 'POST /clock',
  roles: ['admin'],
  summary: 'Set the clock of a sandbox forward; what is due by then happens.',
  capabilities: ['PLT-03'],
})
export class SetClock {
  @Field('The one clock that there is; leave it out.', { assigned: clockId })
  @IsOptional()
  @IsIn([clockId])
  readonly clockId!: string;

  @Field('What it is to show; never earlier than what it shows.', { example: '2027-01-31T09:00:00.000Z' })
  @IsMoment()
  readonly to!: string;
}

/** By how much the clock of a tenant is ahead of that of the servers, in milliseconds. */
export interface TenantClock {
  readonly ahead: number;
}

export const clock = aggregate<TenantClock>()({
  name: 'clock',
  description: 'The clock of a sandbox: how far it was set ahead of that of the servers. It never goes back.',
  id: 'clockId',
  commands: { SetClock },
  facts: { ClockSet },
  initial: { ahead: 0 },

  decide: {
    SetClock: ({ clockId, to }, { ahead }, { clock }) => {
      if (clock === undefined)
        return refuse(
          'not-a-sandbox',
          'Only the clock of a tenant that was opened as a sandbox can be set; open another tenant as one.',
        );
      if (to < clock)
        return refuse('clock-goes-back', `A clock never goes back; this one shows ${clock}: name that moment or a later one.`);
      const further = ahead + Date.parse(to) - Date.parse(clock);
      if (to > addDays(clock, FURTHEST_DAYS) || further > FURTHEST_DAYS * 86_400_000)
        return refuse(
          'clock-too-far',
          `A clock can be at most ${FURTHEST_DAYS} days ahead of that of the servers; name an earlier moment.`,
        );
      return further === ahead ? [] : ClockSet({ clockId, from: clock, to, ahead: further });
    },
  },

  evolve: { ClockSet: (_, { ahead }) => ({ ahead }) },
});
