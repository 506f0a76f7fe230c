import { at, type Moment, process, send } from '#kernel';
import { ExpirePoints } from '../member/commands.js';
import { PointsAdjusted, PointsEarned } from '../member/events.js';

/** The command looks for itself whether points are left that are due. */
export const pointsClock = process({
  name: 'points-clock',
  description: 'Lets the points of a member expire when they are due.',
  capabilities: ['MKT-16'],
  startsFrom: 'zero',
  facts: { PointsEarned, PointsAdjusted },
  react: {
    PointsEarned: ({ data: { customerId, expiresAt } }) => expired(customerId, expiresAt),
    PointsAdjusted: ({ data: { customerId, expiresAt } }) => expired(customerId, expiresAt),
  },
});

const expired = (customerId: string, expiresAt: Moment | undefined) =>
  expiresAt === undefined ? [] : [at(expiresAt, send(ExpirePoints, { customerId }))];
