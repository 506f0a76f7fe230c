/** What other contexts may use of service: its facts, and the command that opens a ticket. */

export { CustomerServed, ServiceTierAssigned } from './service-profile/events.js';
export { SlaPolicyDefined } from './sla-policy/events.js';
export { OpenTicket } from './ticket/commands.js';
export * from './ticket/events.js';
export * from './ticket/sla-events.js';
export { priorities, targets } from './words.js';
export { WorkingCalendarDefined } from './working-calendar/events.js';
