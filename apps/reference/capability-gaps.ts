/** Of capabilities that are served in part: what of them is not. */
export const capabilityGaps: Readonly<Record<string, string>> = {
  'ORD-08': 'there is no loyalty programme in this product, so there is no loyalty to reverse',
};
