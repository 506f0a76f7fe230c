/** What a token may do. A command names the roles that may send it, a view those that may read it. */
export const roles = {
  admin: 'issues and revokes tokens, opens tenants',
  sales: 'works on leads and opportunities',
  orders: 'places, ships, invoices and settles orders',
  care: 'registers and looks after customers, and works on their tickets',
  analyst: 'reads every view as of any day, and replays facts, without personal fields',
  auditor: 'reads every view, the facts and who opened personal fields',
  personal: 'sees personal fields opened; each opening is recorded',
  privacy: 'erases persons and sees what was opened',
  consumer: 'reads topics',
  opener: 'opens sealed values of topics for another system; each opening is recorded',
  importer: 'imports old history with its own business time',
  backdate: 'sends commands with an earlier business time, within the configured bound',
  operator: 'rebuilds views, releases parked facts, takes backups',
  customer: 'sees the documents of the one customer that its token is bound to; held alone',
} as const;

export type Role = keyof typeof roles;
export const isRole = (text: string): text is Role => Object.hasOwn(roles, text);

/**
 * Who runs the installation, who decides on erasures and who checks both: three people. None of these may be held together, by a
 * token or by the tokens of one person.
 */
export const duties = ['operator', 'privacy', 'auditor'] as const satisfies readonly Role[];
export type Duty = (typeof duties)[number];

/** Roles that a person of the company may hold; `customer` is for tokens that are bound to a customer. */
export const isCompanyRole = (text: string): text is Exclude<Role, 'customer'> => isRole(text) && text !== 'customer';

/** The duties among some roles. */
export const dutiesOf = (held: Iterable<string>): readonly Duty[] => {
  const all = new Set(held);
  return duties.filter((duty) => all.has(duty));
};

/** The same roles with one duty at most: of several, the first in the order operator, privacy, auditor. For roles from elsewhere. */
export const rolesApart = (held: readonly Role[]): readonly Role[] => {
  const [, ...further] = dutiesOf(held);
  return further.length === 0 ? held : held.filter((role) => !(further as readonly string[]).includes(role));
};
