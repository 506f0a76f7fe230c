import { IsUUID } from 'class-validator';
import { Type } from 'typebox';
import { type Aggregate, aggregate, Choice, Command, Field, fact, Id } from '#kernel';
import { type Claim, claim } from '../claim/claim.js';
import { claimKinds } from '../claim/events.js';
import { type ClaimedGoods, claimedGoodsOfOrder } from './goods.js';

const orderId = Id('the order');
const claimId = Id('the claim');

export const ClaimNoted = fact(
  'ClaimNoted',
  'A claim stands: its goods are in no other one.',
  {
    orderId,
    claimId,
    kind: Choice(claimKinds, 'what is wrong'),
    shipmentId: Type.Optional(Id('the shipment that it is about')),
    lines: Type.Array(
      Type.Object(
        { lineId: Id('a line of the order'), quantity: Type.Integer({ minimum: 1, description: 'number of units' }) },
        { additionalProperties: false },
      ),
      { description: 'the lines that it is about, and how many units of each' },
    ),
    settled: Type.Boolean({ description: 'whether it was credited or its goods were replaced; else it is to be decided upon' }),
  },
  { visibility: 'internal' },
);

export const ClaimFellAway = fact(
  'ClaimFellAway',
  'A claim was rejected or withdrawn: its goods may be in another one.',
  { orderId, claimId },
  { visibility: 'internal' },
);

@Command({ summary: 'Note whether a claim of an order stands, and of which goods.', capabilities: ['ORD-08'] })
export class NoteClaim {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('the claim')
  @IsUUID()
  readonly claimId!: string;
}

/** What its decisions read beside it: the claim that is noted. */
interface References {
  readonly claim: Claim;
}

const commands = { NoteClaim };
const facts = { ClaimNoted, ClaimFellAway };

/** Which goods of an order are claimed, and by which claim. */
export const claimedGoods: Aggregate<ClaimedGoods, typeof commands, typeof facts, References> = aggregate<
  ClaimedGoods,
  References
>()({
  name: claimedGoodsOfOrder.name,
  description: 'Which goods of an order are claimed, so that none are settled by two claims.',
  id: 'orderId',
  commands,
  facts,
  initial: claimedGoodsOfOrder.initial,
  refs: ({ orderId }) => ({ order: orderId }),
  references: { claim: { aggregate: claim, id: ({ claimId }: NoteClaim) => claimId } },

  decide: {
    /** The claim as it is now, not as it was when the fact was recorded of which we are told: so no order of the notes of one claim matters. */
    NoteClaim: ({ orderId, claimId }, { claims }, { claim }) => {
      if (!claim.exists || (claim.shipmentId === undefined && claim.lines.length === 0)) return [];
      const noted = claims.find((one) => one.claimId === claimId);
      if (claim.status === 'REJECTED' || claim.status === 'WITHDRAWN') return noted ? ClaimFellAway({ orderId, claimId }) : [];
      const settled = claim.status !== 'FILED';
      const { kind, shipmentId, lines } = claim;
      return noted?.settled === settled ? [] : ClaimNoted({ orderId, claimId, kind, shipmentId, lines: [...lines], settled });
    },
  },

  evolve: {
    ClaimNoted: ({ claims }, { orderId, ...noted }) => ({
      orderId,
      claims: claims.some(({ claimId }) => claimId === noted.claimId)
        ? claims.map((claim) => (claim.claimId === noted.claimId ? noted : claim))
        : [...claims, noted],
    }),
    ClaimFellAway: ({ claims }, { orderId, claimId }) => ({
      orderId,
      claims: claims.filter((claim) => claim.claimId !== claimId),
    }),
  },
});
