import type { FastifyRequest } from 'fastify';
import { Problem } from '#runtime/problem';
import type { Registry } from '#runtime/registry';
import { type Endpoint, methodsOf } from './endpoint.js';

/** What a request without a route is told: that its view does not exist, which methods its path takes, or that there is no such path. */
export function nothingAt(endpoints: readonly Endpoint[], { views }: Registry): (request: FastifyRequest) => Problem {
  const routes = endpoints.map(({ method, path }) => ({
    methods: methodsOf(method),
    pattern: new RegExp(`^${path.replaceAll(/:[A-Za-z]+/g, '[^/]+')}$`),
  }));
  return ({ method, url }) => {
    const path = url.replace(/\?.*$/s, '');
    const allow = [...new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods))];
    const view = method === 'GET' || method === 'HEAD' ? /^\/v1\/views\/([^/?]+)/.exec(url)?.[1] : undefined;
    if (view !== undefined && !views.has(view))
      return new Problem(404, 'view-unknown', 'There is no such view; /v1/views lists them.');
    if (allow.length > 0 && !allow.some((one) => one === method))
      return new Problem(405, 'method-not-allowed', `This path takes ${allow.join(' and ')} only; /openapi.json says what for.`, {
        members: { allow },
      });
    return new Problem(404, 'route-unknown', 'There is no such route; /openapi.json lists all.');
  };
}
