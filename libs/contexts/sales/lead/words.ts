/** Where leads come from. */
export const leadSources = [
  'WEB_SITE',
  'E_MAIL',
  'CAMPAIGN',
  'COLD_CALL',
  'DIRECT_MAIL',
  'TRADE_SHOW',
  'CONFERENCE',
  'WORD_OF_MOUTH',
  'PARTNER',
  'EMPLOYEE',
  'EXISTING_CUSTOMER',
  'PUBLIC_RELATIONS',
  'SELF_GENERATED',
  'OTHER',
] as const;
export type LeadSource = (typeof leadSources)[number];

/** Why a lead is given up. `OTHER` needs notes. */
export const disqualificationReasons = ['NO_INTEREST', 'NO_BUDGET', 'NO_FIT', 'UNREACHABLE', 'DUPLICATE', 'OTHER'] as const;
export type DisqualificationReason = (typeof disqualificationReasons)[number];

/** The states of a lead, each with the category that boards of any pipeline share. */
export const leadCategories = {
  NEW: 'OPEN',
  ASSIGNED: 'ONGOING',
  IN_PROCESS: 'ONGOING',
  RECYCLED: 'ON_HOLD',
  CONVERTED: 'WON',
  DEAD: 'LOST',
} as const;
export type LeadStatus = keyof typeof leadCategories;
export type LeadCategory = (typeof leadCategories)[LeadStatus];
