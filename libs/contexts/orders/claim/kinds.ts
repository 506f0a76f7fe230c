/** What is wrong, as the customer says. `OTHER` needs notes. */
export const claimKinds = ['DAMAGED', 'LOST', 'SHORT', 'WRONG_GOODS', 'OTHER'] as const;
export type ClaimKind = (typeof claimKinds)[number];
