/** Amounts in minor units of the currency of the programme. */
export interface Tier {
  readonly name: string;
  /** What a member has to have spent to be in it; 0 for the lowest. */
  readonly minSpent: number;
  /** What earns one point. */
  readonly pointFor: number;
}

/** The highest tier whose `minSpent` was spent; tiers are in ascending order, and the lowest asks for nothing. */
export const tierOf = (tiers: readonly Tier[], spent: number): Tier =>
  tiers.reduce((reached, tier) => (tier.minSpent <= spent ? tier : reached));
