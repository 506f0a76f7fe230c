import { describe, expect, it } from '@jest/globals';
import { addDays, derivedId, type Fact, send } from '#kernel';
import { given, givenProcess, givenView, recorded } from '#kernel/testing';
import { ConfirmOrder, PlaceOrder } from '../order/commands.js';
import { OrderCredited, OrderReturnDeclined, OrderReturned } from '../order/events.js';
import { order } from '../order/order.js';
import {
  both,
  chair,
  confirmed,
  credited,
  creditId,
  customerId,
  delivered,
  invoiced,
  invoiceId,
  noLimit,
  now,
  oneChair,
  orderId,
  placed,
  shipped,
} from '../order/order.samples.js';
import { SettleReturn } from '../order/stock-commands.js';
import { returnedGoods } from '../returned-goods/returned-goods.process.js';
import { returns } from '../returns/returns.view.js';
import { ReopenReturn } from './commands.js';
import * as facts from './events.js';
import { goodsReturn } from './return.js';

const returnId = derivedId('sample', 'return');
const replacementId = derivedId('specification', 'replacement');
const about = { returnId, orderId, customerId };
const reason = 'damaged';
const arrived = { order: given(order, noLimit, placed, confirmed, shipped(), delivered(), invoiced()).state };

const requested = facts.ReturnRequested({ ...about, lines: oneChair, reason });
const approved = facts.ReturnApproved(about);
const received = facts.ReturnReceived({ ...about, lines: oneChair });
const refunded = facts.ReturnRefunded({ ...about, lines: oneChair, reason, amount: 100_00, currency: 'EUR' });
const replaced = facts.ReturnReplaced({
  ...about,
  reason,
  currency: 'EUR',
  replacementId,
  lines: [{ lineId: chair, description: 'Chair', quantity: 1 }],
});

describe('a return (ORD-08)', () => {
  it('is asked for of goods that the customer has', () => {
    const request = { returnId, orderId, reason };
    given(goodsReturn, arrived)
      .when('RequestReturn', { ...request, lines: oneChair })
      .then(requested);
    given(goodsReturn, arrived)
      .when('RequestReturn', { ...request, lines: [{ lineId: chair, quantity: 3 }] })
      .isRefused('returned-beyond-delivered', 'lines[0].quantity');
    given(goodsReturn, { order: given(order, noLimit, placed, confirmed, shipped()).state })
      .when('RequestReturn', { ...request, lines: both })
      .isRefused('returned-beyond-delivered', 'lines[0].quantity');
  });
  it('is asked for once, before anything else is done with it', () => {
    given(goodsReturn, arrived, requested)
      .when('RequestReturn', { returnId, orderId, reason, lines: oneChair })
      .isRefused('return-exists', 'returnId');
    given(goodsReturn, arrived).when('ApproveReturn', { returnId }).isRefused('return-unknown', 'returnId');
  });
  it('is agreed or not', () => {
    given(goodsReturn, arrived, requested).when('ApproveReturn', { returnId }).then(approved);
    given(goodsReturn, arrived, requested)
      .when('RejectReturn', { returnId, reason: 'worn' })
      .then(facts.ReturnRejected({ ...about, reason: 'worn' }));
    given(goodsReturn, arrived, requested).when('ReceiveReturn', { returnId }).isRefused('return-not-there');
    given(goodsReturn, arrived, requested, approved).when('ApproveReturn', { returnId }).changesNothing();
    given(goodsReturn, arrived, requested, approved, received)
      .when('RejectReturn', { returnId, reason })
      .isRefused('return-not-there');
  });
  it('arrives, in full or part, never more than was agreed', () => {
    const agreed = given(goodsReturn, arrived, requested, approved);
    agreed.when('ReceiveReturn', { returnId }).then(received);
    agreed.when('ReceiveReturn', { returnId, lines: both }).isRefused('received-beyond-agreed', 'lines[0].quantity');
    agreed
      .when('ReceiveReturn', { returnId, lines: [...oneChair, ...oneChair] })
      .isRefused('received-beyond-agreed', 'lines[1].quantity');
  });
  it('is credited, replaced or sent back once it arrived', () => {
    const there = given(goodsReturn, arrived, requested, approved, received);
    there.when('RefundReturn', { returnId }).then(refunded);
    there.when('ReplaceReturn', { returnId }).then(replaced);
    there.when('SendBackReturn', { returnId, reason: 'worn' }).then(facts.ReturnSentBack({ ...about, reason: 'worn' }));
    const onItsWay = given(goodsReturn, arrived, requested, approved);
    onItsWay.when('RefundReturn', { returnId }).isRefused('return-not-there');
    onItsWay.when('ReplaceReturn', { returnId }).isRefused('return-not-there');
    onItsWay.when('SendBackReturn', { returnId, reason: 'worn' }).isRefused('return-not-there');
  });
  it('arrives with each line once, however it was counted', () =>
    given(
      goodsReturn,
      arrived,
      facts.ReturnRequested({ ...about, lines: [{ lineId: chair, quantity: 2 }], reason }),
      facts.ReturnApproved(about),
    )
      .when('ReceiveReturn', { returnId, lines: [...oneChair, ...oneChair] })
      .then(facts.ReturnReceived({ ...about, lines: [{ lineId: chair, quantity: 2 }] })));
  it('is credited once its goods are invoiced: otherwise they would be invoiced later, with nothing to credit them', () => {
    const uninvoiced = { order: given(order, noLimit, placed, confirmed, shipped(), delivered()).state };
    given(goodsReturn, uninvoiced, requested, approved, received)
      .when('RefundReturn', { returnId })
      .isRefused('return-not-invoiced');
    const inPart = { order: given(order, noLimit, placed, confirmed, shipped(), delivered(), invoiced(oneChair)).state };
    given(goodsReturn, inPart, requested, approved, received).when('RefundReturn', { returnId }).then(refunded);
  });
  it('is credited too where the invoice of its goods was credited in full: they are not invoiced again', () => {
    const again = OrderCredited({ ...credited(350_00, 0).data, reopened: both });
    const history = [placed, confirmed, shipped(), delivered(), invoiced(), again];
    const back = (...more: Fact[]) =>
      given(goodsReturn, { order: given(order, noLimit, ...history, ...more).state }, requested, approved, received).when(
        'RefundReturn',
        { returnId },
      );
    back().then(refunded);
    back(invoiced()).then(refunded);
  });
  it('is sent back where another return of its goods was settled meanwhile', () => {
    const other = OrderReturned({ orderId, returnId: derivedId('another return'), lines: both });
    const history = [placed, confirmed, shipped(), delivered(), invoiced(), other];
    const there = given(goodsReturn, { order: given(order, noLimit, ...history).state }, requested, approved, received);
    there.when('RefundReturn', { returnId }).isRefused('returned-beyond-delivered');
    there.when('ReplaceReturn', { returnId }).isRefused('returned-beyond-delivered');
    there.when('SendBackReturn', { returnId, reason }).then(facts.ReturnSentBack({ ...about, reason }));
  });
  it('has one end', () => {
    const done = given(goodsReturn, arrived, requested, approved, received, refunded);
    done.when('RefundReturn', { returnId }).changesNothing();
    done.when('ReplaceReturn', { returnId }).isRefused('return-not-there');
  });
});

describe('returned goods (ORD-08)', () => {
  it('are credited by their order', () =>
    givenProcess(returnedGoods)
      .when(recorded(refunded))
      .sends(send(SettleReturn, { orderId, returnId, lines: oneChair, reason, credit: true })));
  it('are settled before they are replaced', () =>
    givenProcess(returnedGoods)
      .when(recorded(replaced))
      .sends(send(SettleReturn, { orderId, returnId, reason, credit: false, replacementId, lines: oneChair })));
  it('are replaced once they are settled', () => {
    const lines = [{ description: 'Chair', quantity: 1 }];
    givenProcess(returnedGoods)
      .when(
        recorded(
          OrderReturned({
            orderId,
            returnId,
            lines: oneChair,
            replacement: { orderId: replacementId, customerId, currency: 'EUR', lines },
          }),
        ),
      )
      .sends(
        send(PlaceOrder, {
          orderId: replacementId,
          customerId,
          currency: 'EUR',
          lines: [{ description: 'Chair', quantity: 1, unitPrice: 0 }],
        }),
        send(ConfirmOrder, { orderId: replacementId, creditCheck: 'WAIVED', creditReason: 'replacement of returned goods' }),
      );
    givenProcess(returnedGoods)
      .when(recorded(OrderReturned({ orderId, returnId, lines: oneChair })))
      .sendsNothing();
  });
  it('are not settled twice: a second return of them is open again, and can be sent back', () => {
    const reopened = facts.ReturnReopened(about);
    givenProcess(returnedGoods)
      .when(recorded(OrderReturnDeclined({ orderId, returnId })))
      .sends(send(ReopenReturn, { returnId }));
    for (const end of [refunded, replaced]) {
      given(goodsReturn, arrived, requested, approved, received, end).when('ReopenReturn', { returnId }).then(reopened);
      given(goodsReturn, arrived, requested, approved, received, end, reopened)
        .when('SendBackReturn', { returnId, reason: 'worn' })
        .then(facts.ReturnSentBack({ ...about, reason: 'worn' }));
    }
    given(goodsReturn, arrived, requested, approved, received).when('ReopenReturn', { returnId }).changesNothing();
    const { document } = givenView(returns).facts(
      ...[requested, approved, received, refunded, reopened].map((fact: Fact) => recorded(fact)),
    );
    expect(document(returnId)).toEqual(expect.objectContaining({ status: 'RECEIVED' }));
    expect(document(returnId)).not.toHaveProperty('settledAt');
  });
});

describe('the view of returns (ORD-08)', () => {
  it('shows where a return stands, what was credited, and how long it took', () =>
    givenView(returns)
      .facts(
        recorded(requested),
        recorded(approved),
        recorded(received),
        recorded(refunded, { occurredAt: addDays(now, 3) }),
        recorded(OrderCredited({ orderId, invoiceId, creditId, returnId, amount: 100_00, currency: 'EUR', open: 0, reason })),
      )
      .then(returnId, { status: 'REFUNDED', units: 1, amount: 100_00, credited: 100_00, currency: 'EUR', daysToSettle: 3 }));
  it('knows nothing of other credit notes', () =>
    givenView(returns)
      .facts(recorded(OrderCredited({ orderId, invoiceId, creditId, amount: 1_00, currency: 'EUR', open: 0, reason })))
      .isGone(returnId));
});
