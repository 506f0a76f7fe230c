import type { Moment } from '#kernel';

/** The steps of an order, in the order in which they are expected. */
export const expectedWay = ['PLACED', 'CONFIRMED', 'SHIPPED', 'DELIVERED', 'INVOICED', 'PAID'] as const;
export type Step = (typeof expectedWay)[number];

/** When each step happened first. */
export type Steps = Readonly<Partial<Record<Step, Moment>>>;

/**
 * What happened before what should have come first. Only what an order lets happen: goods are told of late, with their own moments, and
 * an invoice need not wait for them. None is invoiced before it is confirmed, or paid before it is invoiced.
 */
const deviations = {
  shippedBeforeConfirmed: ['SHIPPED', 'CONFIRMED'],
  deliveredBeforeConfirmed: ['DELIVERED', 'CONFIRMED'],
  deliveredBeforeShipped: ['DELIVERED', 'SHIPPED'],
  invoicedBeforeShipped: ['INVOICED', 'SHIPPED'],
  invoicedBeforeDelivered: ['INVOICED', 'DELIVERED'],
  paidBeforeShipped: ['PAID', 'SHIPPED'],
  paidBeforeDelivered: ['PAID', 'DELIVERED'],
} as const satisfies Record<string, readonly [Step, Step]>;
export type Deviation = keyof typeof deviations;
export const deviationNames = Object.keys(deviations) as Deviation[];

/** 1 for each deviation that there is, 0 for the others. An order without goods is neither shipped nor delivered. */
export const deviationsOf = (steps: Steps, hasGoods: boolean): Record<Deviation, 0 | 1> =>
  Object.fromEntries(
    Object.entries(deviations).map(([name, [step, first]]) => [name, hasGoods && isBefore(steps[step], steps[first]) ? 1 : 0]),
  ) as Record<Deviation, 0 | 1>;

/** A step that happened comes before one that did not. */
const isBefore = (step: Moment | undefined, first: Moment | undefined): boolean =>
  step !== undefined && (first === undefined || step < first);

/** The steps as they happened; those of one moment as they are expected. */
export const variantOf = (steps: Steps): string =>
  expectedWay
    .filter((step) => steps[step] !== undefined)
    .sort((one, other) => (isBefore(steps[one], steps[other]) ? -1 : isBefore(steps[other], steps[one]) ? 1 : 0))
    .join('-');
