/** Of capabilities that are served in part: what of them is not. */
export const capabilityGaps: Readonly<Record<string, string>> = {
  'ORD-06': 'runs are traced and timed, but not checked for conformance with a reference process',
  'ORD-07':
    'a cart has no id of its own (the Idempotency-Key or the orderId stands for it), and abandoned carts are not recorded',
  'ORD-08': 'returns only: claims are neither filed nor settled, and loyalty is not reversed',
};
