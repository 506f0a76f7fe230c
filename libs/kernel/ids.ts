import { hash } from 'node:crypto';

/** Namespace of all ids that Annals derives (a random UUID, fixed for ever). */
const ANNALS = Buffer.from('5b1f64f65d0c4e599d0e6c1b7f0a2c31', 'hex');

/** The bytes of the last list, behind the namespace: hashing is done before anybody else gets to run. */
const scratch = Buffer.alloc(4096);
ANNALS.copy(scratch);
const MOST_CHARACTERS = Math.floor((scratch.length - ANNALS.length) / 3);
/** The beginnings of it, by length: a view of each list would cost more than its hash. */
const beginnings: Buffer[] = [];

/** UUID version 5 (RFC 9562) of a list of texts; the same texts give the same id on every machine. */
export function derivedId(...parts: readonly string[]): string {
  let text = '';
  for (let index = 0; index < parts.length; index++) text += (index === 0 ? '' : '/') + escaped(parts[index] as string);
  const named =
    text.length <= MOST_CHARACTERS
      ? beginning(ANNALS.length + scratch.write(text, ANNALS.length))
      : Buffer.concat([ANNALS, Buffer.from(text)]);
  const hex = hash('sha1', named, 'hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function beginning(length: number): Buffer {
  let view = beginnings[length];
  if (!view) {
    view = scratch.subarray(0, length);
    beginnings[length] = view;
  }
  return view;
}

const escaped = (part: string) =>
  part.includes('/') || part.includes('\\') ? part.replaceAll('\\', '\\\\').replaceAll('/', '\\/') : part;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const NIL = '00000000-0000-0000-0000-000000000000';

/** A UUID in lower case that is not all zeros: what every engine accepts as an id. */
export const isId = (text: string): boolean => UUID.test(text) && text !== NIL;

const STREAM = /^([a-z][A-Za-z0-9]*)-([a-z0-9]{1,32})\.([0-9a-f-]{36})$/;

/** `<aggregate>-<tenant>.<id>` */
export const streamName = (aggregate: string, tenant: string, id: string): string => `${aggregate}-${tenant}.${id}`;

export function parseStream(stream: string): { aggregate: string; tenant: string; id: string } {
  const [, aggregate, tenant, id] = STREAM.exec(stream) ?? [];
  if (aggregate === undefined || tenant === undefined || id === undefined) throw new Error(`Not a stream name: ${stream}`);
  return { aggregate, tenant, id };
}

/** The tenant of a stream name that is known to be one: a small part of the price of `parseStream`, and no check. */
export function tenantOf(stream: string): string {
  const dash = stream.indexOf('-');
  return stream.slice(dash + 1, stream.indexOf('.', dash));
}
