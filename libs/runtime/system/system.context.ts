import { context } from '#kernel';
import { clock } from './clock/clock.js';
import { disclosure, openings } from './disclosure/disclosure.js';
import { head, heads } from './head/head.js';
import { holder } from './holder/holder.js';
import { imports } from './imports/imports.js';
import { processInstance, processRuns } from './process/process-instance.js';
import { reservation } from './reservation/reservation.js';
import { tenant, tenants } from './tenant/tenant.js';
import { token } from './token/token.js';
import { tokens } from './token/tokens.view.js';
import { webhook } from './webhook/webhook.js';
import { webhooks } from './webhook/webhooks.view.js';

/** What the runtime itself remembers, in the same log and the same way as everything else. */
export const systemContext = context({
  name: 'system',
  description:
    'Tenants, clocks of sandboxes, imports under way, tokens, webhooks, openings of personal fields, signed heads of the history, reservations and runs of processes.',
  aggregates: [token, holder, tenant, clock, imports, reservation, disclosure, processInstance, webhook, head],
  views: [tokens, tenants, openings, processRuns, webhooks, heads],
});
