import { context } from '#kernel';
import { serviceProfile } from './service-profile/service-profile.js';
import { sla } from './sla/sla.view.js';
import { slaClock } from './sla-clock/sla-clock.process.js';
import { slaPolicy } from './sla-policy/sla-policy.js';
import { team } from './team/team.js';
import { teams } from './teams/teams.view.js';
import { ticket } from './ticket/ticket.js';
import { ticketClosing } from './ticket-closing/ticket-closing.process.js';
import { ticketMerge } from './ticket-division/ticket-merge.process.js';
import { ticketSplit } from './ticket-division/ticket-split.process.js';
import { ticketQueue } from './ticket-queue/ticket-queue.view.js';
import { ticketRouting } from './ticket-routing/ticket-routing.process.js';
import { workingCalendar } from './working-calendar/working-calendar.js';

export const service = context({
  name: 'service',
  description: 'What customers need after the sale: tickets, who works on them, and what was promised about them.',
  aggregates: [ticket, team, serviceProfile, slaPolicy, workingCalendar],
  views: [ticketQueue, sla, teams],
  processes: [slaClock, ticketRouting, ticketSplit, ticketMerge, ticketClosing],
});
