import type { Role } from '#kernel';
import { startWeb, type Web } from '#web';
import { openHouse, type TestHouse } from './house.js';

export interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the answer holds
  readonly json: any;
}

export interface Served {
  readonly house: TestHouse;
  readonly web: Web;
  /** Asks with a token that has these roles. */
  call(roles: readonly Role[], route: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Told>;
  close(): Promise<void>;
}

/** The whole product with its surface, in this process. `route` reads `POST /v1/customers`. */
export async function served(): Promise<Served> {
  const house = await openHouse();
  const web = await startWeb(house, { port: 0 });
  const tokens = new Map<string, Promise<{ readonly token: string }>>();
  return {
    house,
    web,
    async call(roles, route, body, headers = {}) {
      const name = roles.join(' ');
      const issued =
        tokens.get(name) ?? house.access.issueToken(house.admin, { label: name, roles, holder: crypto.randomUUID() });
      tokens.set(name, issued);
      const [method = 'GET', path = '/'] = route.split(' ');
      const response = await fetch(`${web.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${(await issued).token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = /[/+]json(;|$)/.test(response.headers.get('content-type') ?? '') && text !== '';
      return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
    },
    async close() {
      await web.close(2000);
      await house.close(5000);
    },
  };
}
