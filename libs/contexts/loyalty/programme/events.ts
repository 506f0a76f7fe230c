import { Type } from 'typebox';
import { Currency, fact, Id, MinorUnits, Text } from '#kernel';

const programmeId = Id('the loyalty programme');
const name = Text('name of the programme', 100);
const tiers = Type.Array(
  Type.Object(
    {
      name: Text('name of the tier, unique in its programme', 60),
      minSpent: MinorUnits('what a member has to have spent to be in the tier; 0 for the lowest one'),
      pointFor: MinorUnits('what earns one point; an order keeps what it was when it first earned'),
    },
    { additionalProperties: false },
  ),
  { minItems: 1, description: 'its tiers, from the lowest to the highest' },
);
const expiresAfterDays = Type.Optional(
  Type.Integer({ minimum: 1, description: 'after how long points expire, in days of 24 hours; left out: never' }),
);
const pointWorth = Type.Optional(MinorUnits('what one point is worth when it is redeemed; left out: it is not said in money'));

export const LoyaltyProgrammeDefined = fact('LoyaltyProgrammeDefined', 'Customers can be enrolled in a new programme.', {
  programmeId,
  name,
  currency: Currency(),
  tiers,
  expiresAfterDays,
  pointWorth,
});

export const LoyaltyProgrammeRevised = fact(
  'LoyaltyProgrammeRevised',
  'A programme has other terms, for what its members earn from now on.',
  { programmeId, name, tiers, expiresAfterDays, pointWorth },
);

export const LoyaltyProgrammeClosed = fact(
  'LoyaltyProgrammeClosed',
  'Nobody is enrolled in a programme any more, and what is paid from now on earns nothing. Points stay until they are used or expire.',
  { programmeId },
);
