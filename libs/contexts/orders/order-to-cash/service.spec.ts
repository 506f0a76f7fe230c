import { describe, it } from '@jest/globals';
import { addDays } from '#kernel';
import { OrderPlaced } from '../order/events.js';
import { chair, closed, confirmed, delivered, now, oneChair, orderId, placed, shipped } from '../order/order.samples.js';
import { daily, day } from './testing/daily.js';

describe('how a customer was served (ORD-09)', () => {
  const wanted = (requestedBy: string) => OrderPlaced({ ...placed.data, requestedBy });

  it('is judged when all has arrived, by what happened last', () => {
    const service = { onTime: true, complete: true, onTimeAndComplete: true, processingDays: 2, leadDays: 3 };
    daily(wanted(day(3)), confirmed, shipped(), delivered()).then(orderId, service);
    daily(wanted(addDays(now, 2.99)), confirmed, shipped(), delivered()).then(orderId, {
      ...service,
      onTime: false,
      onTimeAndComplete: false,
    });
  });
  it('is not known while goods are to arrive, nor in time where no moment was named', () => {
    const unknown = { onTime: null, complete: null, onTimeAndComplete: null, leadDays: undefined };
    daily(wanted(day(9)), confirmed, shipped()).then(orderId, { ...unknown, processingDays: 2 });
    daily(wanted(day(9)), confirmed, shipped(oneChair), delivered(oneChair)).then(orderId, {
      ...unknown,
      processingDays: undefined,
    });
    daily(placed, confirmed, shipped(), delivered()).then(orderId, { onTime: null, complete: true, onTimeAndComplete: null });
  });
  it('is incomplete where the order is closed short, however late it is closed', () =>
    daily(wanted(day(3)), confirmed, shipped(oneChair), delivered(oneChair), closed).then(orderId, {
      onTime: true,
      complete: false,
      onTimeAndComplete: false,
      leadDays: 3,
      processingDays: 2,
    }));
  it('is incomplete where one line arrived in full and another one is left out for good', () => {
    const twoChairs = [{ lineId: chair, quantity: 2 }];
    daily(placed, confirmed, shipped(twoChairs), delivered(twoChairs), closed).then(orderId, { complete: false });
  });
});
