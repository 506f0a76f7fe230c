import { context } from '#kernel';
import { erasedMembers } from './erased-members/erased-members.process.js';
import { loyalty as loyaltyView } from './loyalty/loyalty.view.js';
import { member } from './member/member.js';
import { paidOrders } from './paid-orders/paid-orders.process.js';
import { points } from './points/points.view.js';
import { pointsClock } from './points-clock/points-clock.process.js';
import { programme } from './programme/programme.js';
import { programmes } from './programmes/programmes.view.js';

export const loyalty = context({
  name: 'loyalty',
  description: 'Loyalty programmes: points that members earn with what they pay, use, and give back with goods.',
  aggregates: [programme, member],
  views: [loyaltyView, points, programmes],
  processes: [paidOrders, pointsClock, erasedMembers],
});
