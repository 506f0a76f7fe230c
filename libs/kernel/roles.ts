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
} as const;

export type Role = keyof typeof roles;
export const isRole = (text: string): text is Role => Object.hasOwn(roles, text);
