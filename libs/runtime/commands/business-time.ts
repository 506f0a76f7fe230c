import { addDays, laterOf, type Moment } from '#kernel';
import { Problem } from '../problem.js';
import type { CommandRequest } from '../requests.js';

const ISO_MOMENT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(\.\d{1,3})?(Z|[+-]\d{2}:\d{2})$/;

/**
 * The business time of a command. Left out: now, or the stream's last moment if our clock was set back behind it.
 * The future is refused; the past needs the role `importer`, or `backdate` within its bound.
 */
export function businessTime(request: CommandRequest, now: Moment, last: Moment | undefined, backdateDays: number): Moment {
  const { occurredAt, caller } = request;
  if (occurredAt === undefined) return last === undefined ? now : laterOf(last, now);
  if (!isMoment(occurredAt)) {
    throw refused(400, 'invalid-time', `${occurredAt.slice(0, 40)} is not a moment; write 2026-01-05T09:00:00.000Z.`);
  }
  const moment = new Date(occurredAt).toISOString();
  // What happened elsewhere keeps its moment. A clock fact carries the moment it was due; what happened meanwhile on its stream comes first.
  if (caller.actor.kind === 'process') return last === undefined || request.keepsMoment ? moment : laterOf(last, moment);
  if (moment > now) throw refused(422, 'in-the-future', `${moment} lies in the future; it is ${now}.`);
  if (caller.roles.has('importer')) return moment;
  if (!caller.roles.has('backdate'))
    throw refused(403, 'backdate-role-needed', 'An earlier business time needs the role backdate or importer.');
  if (moment < addDays(now, -backdateDays)) {
    throw refused(422, 'too-long-ago', `${moment} is more than ${backdateDays} days ago, the bound for the role backdate.`);
  }
  return moment;
}

/** `Date` takes 30 February for 2 March; we do not. */
function isMoment(text: string): boolean {
  const day = ISO_MOMENT.exec(text)?.[1];
  if (day === undefined || Number.isNaN(Date.parse(text))) return false;
  return new Date(`${day}T00:00:00.000Z`).toISOString().startsWith(day);
}

const refused = (status: number, code: string, detail: string) =>
  new Problem(status, code, detail, { errors: [{ field: 'occurredAt', message: detail }] });
