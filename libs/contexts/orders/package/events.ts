import { Type } from 'typebox';
import { Count, fact, Id, MomentField, Text } from '#kernel';

const PackageId = Id('the package');
const OrderIds = Type.Array(Id('an order'), { minItems: 1, description: 'the orders that the package has goods of' });
const Reason = Text('why, in a word or a short phrase; nothing about a person', 200);
const Carrier = Type.Optional(Text('who carries it', 100));
const closed = { additionalProperties: false } as const;

const Contents = Type.Array(
  Type.Object(
    {
      orderId: Id('the order'),
      lines: Type.Array(
        Type.Object(
          {
            lineId: Id('a line of the order'),
            quantity: Type.Integer({ minimum: 1, description: 'number of units' }),
          },
          closed,
        ),
        { minItems: 1, description: 'the lines and how many units of each' },
      ),
    },
    closed,
  ),
  { minItems: 1, description: 'what the package holds, by order' },
);

export const PackagePacked = fact('PackagePacked', 'Goods of one or more orders were put into one package.', {
  packageId: PackageId,
  orderIds: OrderIds,
  contents: Contents,
});

export const PackageUnpacked = fact('PackageUnpacked', 'The package was taken apart before it was sent.', {
  packageId: PackageId,
  orderIds: OrderIds,
  reason: Reason,
});

export const PackageSent = fact('PackageSent', 'The package left us.', {
  packageId: PackageId,
  orderIds: OrderIds,
  contents: Contents,
  carrier: Carrier,
  warehouse: Type.Optional(Text('which warehouse it left, in the words of the company', 60)),
});

export const PackageDeliveryFailed = fact('PackageDeliveryFailed', 'The carrier tried to deliver the package and could not.', {
  packageId: PackageId,
  orderIds: OrderIds,
  attempt: Count('number of tries to deliver it, this one included'),
  reason: Type.Optional(Reason),
  nextAttemptAt: Type.Optional(MomentField('when the carrier tries again')),
});

export const PackageDelivered = fact('PackageDelivered', 'The package reached its address with all that was in it.', {
  packageId: PackageId,
  orderIds: OrderIds,
  attempt: Count('number of tries to deliver it, this one included'),
});

export const PackageCameBack = fact('PackageCameBack', 'The package could not be delivered and is with us again.', {
  packageId: PackageId,
  orderIds: OrderIds,
  reason: Reason,
});
