import { Type } from 'typebox';
import { fact, Id } from '#kernel';

export const SilenceDefined = fact(
  'SilenceDefined',
  'From now on a customer without a contract counts as churned after this many days without a sign of life.',
  {
    silenceId: Id('the one definition that there is'),
    days: Type.Integer({ minimum: 1, description: 'how long a customer may be silent, in days of 24 hours' }),
    interactions: Type.Boolean({ description: 'whether an inbound interaction is a sign of life too, beside purchases' }),
  },
);

export const SilenceDropped = fact('SilenceDropped', 'From now on no silence counts as churn.', {
  silenceId: Id('the one definition that there is'),
});
