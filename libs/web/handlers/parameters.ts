import type { FastifyRequest } from 'fastify';
import { type Moment, momentIn } from '#kernel';
import { Problem } from '#runtime/problem';
import { spanNeeded } from '#runtime/views/days';

type Query = Readonly<Record<string, string | readonly string[]>>;

export const queryOf = (request: FastifyRequest): Query => request.query as Query;

/** The parameters of a route that knows only these, each at most once. Throws Problem 400. */
export function parametersOf<const N extends string>(
  request: FastifyRequest,
  names: readonly N[],
): Readonly<Partial<Record<N, string>>> {
  const query = queryOf(request);
  for (const [name, value] of Object.entries(query)) {
    if (!(names as readonly string[]).includes(name)) {
      throw invalid(name.slice(0, 100), `Unknown here. Parameters: ${names.join(', ') || 'none'}.`);
    }
    if (typeof value !== 'string') throw invalid(name, 'Give it once.');
  }
  return query as Readonly<Partial<Record<N, string>>>;
}

/** Of a route without parameters: what nobody reads is refused, not ignored. Throws Problem 400. */
export function refuseQuery(request: FastifyRequest): void {
  if (request.url.includes('?')) parametersOf(request, []);
}

export function wholeNumber(text: string | undefined, name: string, fallback: number, most: number): number {
  if (text === undefined) return fallback;
  const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > most) throw invalid(name, `Write a whole number from 1 to ${most}.`);
  return number;
}

export function positionOf(text: string | undefined, name: string): string | undefined {
  if (text !== undefined && !/^[^.\s]{8}\.\d{16}$/.test(text)) throw invalid(name, 'Use a position that an answer gave.');
  return text;
}

/** A moment, or the first or last one of a day in UTC. */
export function momentOrDay(text: string | undefined, name: string, end: 'first' | 'last'): Moment | undefined {
  if (text === undefined) return undefined;
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const moment = momentIn(isDay ? `${text}T${end === 'first' ? '00:00:00.000' : '23:59:59.999'}Z` : text);
  if (moment === undefined) throw invalid(name, spanNeeded(text));
  return moment;
}

/** In the words and with the code of the queries of views. */
export const invalid = (field: string, message: string): Problem =>
  new Problem(400, 'invalid-query', `${field}: ${message}`, { errors: [{ field, message }] });

/** Whether the caller asks for this content type rather than for JSON. */
export const accepts = (request: FastifyRequest, type: string): boolean =>
  (request.headers.accept ?? '').split(',').some((range) => range.split(';')[0]?.trim().toLowerCase() === type);
