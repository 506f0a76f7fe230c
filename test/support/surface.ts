import { connect } from 'node:net';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { pino } from 'pino';
import type { Role } from '#kernel';
import { startWeb, type Web } from '#web';
import { openHouse, type TestHouse } from './house.js';

export interface Call {
  readonly method?: string;
  readonly roles?: readonly Role[] | 'none';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly raw?: string | Buffer;
}

export interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the answer holds
  readonly json: any;
}

/** Those of an operator: the duties of the privacy officer and the auditor exclude it. */
export const ALL: readonly Role[] = [
  'admin',
  'sales',
  'orders',
  'care',
  'analyst',
  'personal',
  'consumer',
  'opener',
  'importer',
  'backdate',
  'operator',
];

/** Of persons that specifications make up. */
const PERSONAL = /Katherine|KJ-secret|Hopper|Lovelace|annals_main_|acme/;

/** A server of the whole product for the specifications of one file; what it logged is looked through when they are done. */
export function givenSurface() {
  let house: TestHouse;
  let web: Web;
  const logged: string[] = [];
  const tokens = new Map<string, string>();
  let skus = 0;

  beforeAll(async () => {
    house = await openHouse();
    const logger = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
    web = await startWeb(house, { port: 0, heartbeat: 200, bodySeconds: 1, logger });
  }, 60_000);
  afterAll(async () => {
    await web.close(2000);
    await house.close(5000);
    expect(logged.join('')).not.toMatch(PERSONAL);
  }, 60_000);

  async function tokenWith(roles: readonly Role[]): Promise<string> {
    const name = roles.join(' ');
    let token = tokens.get(name);
    if (!token) {
      ({ token } = await house.access.issueToken(house.admin, { label: name, roles, holder: crypto.randomUUID() }));
      tokens.set(name, token);
    }
    return token;
  }

  async function call(path: string, { method = 'GET', roles = ALL, headers = {}, body, raw }: Call = {}): Promise<Told> {
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(`${web.url}${path}`, {
      method,
      headers: {
        ...(roles !== 'none' && { authorization: `Bearer ${await tokenWith(roles)}` }),
        ...(sent !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(sent !== undefined && { body: typeof sent === 'string' ? sent : new Uint8Array(sent) }),
    });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    const isJson = /json(;|$)/.test(type) && !/ndjson/.test(type) && text !== '';
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
  }
  /** What a raw connection answers to these bytes, up to the end of the first answer. */
  function exchange(bytes: string): Promise<string> {
    const { hostname, port } = new URL(web.url);
    return new Promise((resolve, reject) => {
      let got = '';
      const socket = connect(Number(port), hostname, () => socket.write(bytes));
      socket.on('data', (part) => {
        got += part.toString();
        if (/\r\n\r\n.*\}/s.test(got)) socket.destroy();
      });
      socket.on('error', reject);
      socket.on('close', () => resolve(got));
    });
  }

  const post = (path: string, body?: unknown, more: Call = {}) => call(path, { method: 'POST', body, ...more });
  const product = (more: object = {}) => ({ sku: `SKU-${++skus}`, name: 'GTX Pro', ...more });

  return {
    get house() {
      return house;
    },
    get web() {
      return web;
    },
    /** The lines of the log so far. */
    logged: logged as readonly string[],
    tokenWith,
    call,
    exchange,
    post,
    /** The body of a DefineProduct. */
    product,
    productId: async () => (await post('/v1/products', product())).json.id as string,
  };
}
