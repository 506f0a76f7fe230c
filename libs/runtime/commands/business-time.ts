import { addDays, laterOf, type Moment, momentIn } from '#kernel';
import { Problem } from '../problem.js';
import type { CommandRequest } from '../requests.js';

/**
 * The business time of a command. Left out: now, or the stream's last moment if our clock was set back behind it.
 * The future is refused; the past needs the role `importer`, or `backdate` within its bound.
 */
export function businessTime(request: CommandRequest, now: Moment, last: Moment | undefined, backdateDays: number): Moment {
  const { occurredAt, caller } = request;
  if (occurredAt === undefined) return laterOf(last, now);
  const moment = momentIn(occurredAt);
  if (moment === undefined) {
    throw refused(400, 'invalid-time', `${occurredAt.slice(0, 40)} is not a moment; write 2026-01-05T09:00:00Z.`);
  }
  // What happened elsewhere keeps its moment. A clock fact carries the moment it was due; what happened meanwhile on its stream comes first.
  if (caller.actor.kind === 'process') return request.keepsMoment ? moment : laterOf(last, moment);
  if (moment > now)
    throw refused(422, 'in-the-future', `${moment} lies in the future; it is ${now}: name that moment or an earlier one.`);
  if (caller.roles.has('importer')) return moment;
  if (!caller.roles.has('backdate'))
    throw refused(
      403,
      'backdate-role-needed',
      'An earlier business time needs the role backdate or importer; leave it out, or ask for a token with one of them.',
    );
  if (moment < addDays(now, -backdateDays)) {
    throw refused(
      422,
      'too-long-ago',
      `${moment} is more than ${backdateDays} days ago, the bound for the role backdate; what is older is sent with the role importer.`,
    );
  }
  return moment;
}

const refused = (status: number, code: string, detail: string) =>
  new Problem(status, code, detail, { errors: [{ field: 'occurredAt', message: detail }] });
