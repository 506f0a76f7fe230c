import type { Claim } from '#kernel';

/** Numbers are compared without regard to case and surrounding spaces. */
export const numberClaim = (of: 'order' | 'invoice', number: string | undefined): readonly Claim[] =>
  number === undefined
    ? []
    : [
        {
          scope: `${of}.number`,
          value: number.trim().toUpperCase(),
          label: `this ${of} number`,
          field: `${of}Number`,
        },
      ];
