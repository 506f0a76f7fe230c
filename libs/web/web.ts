import 'reflect-metadata';
import { setMaxListeners } from 'node:events';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Annals } from '#runtime/annals';
import { Buses } from './buses.js';
import { endpointsOf } from './endpoints.js';
import { httpServer, registerRoutes } from './http.js';
import { authentication } from './identity/authentication.js';
import { IdentityProvider } from './identity/provider.js';
import { JsonBodies } from './json-body.js';
import { Limits } from './limits/limits.js';
import { listen } from './listen.js';
import { Metrics } from './metrics.js';
import { checkBinding, type WebOptions } from './options.js';

export interface Web {
  /** With scheme, host and port, without a slash at the end. */
  readonly url: string;
  /** Refuses new requests (503), ends streams, finishes what is in flight, closes every connection; within the milliseconds. */
  close(milliseconds?: number): Promise<void>;
}

const BODY_LIMIT = 1_048_576;
const BODY_SECONDS = 30;
const DRAIN = 10_000;

/** Serves the system over HTTP as a Nest application. Throws ListenRefused where it may not bind, or the port is taken (naming it). */
export async function startWeb(annals: Annals, options: WebOptions = {}): Promise<Web> {
  checkBinding(options);
  const { logger } = options;
  const stop = new AbortController();
  // every stream listens
  setMaxListeners(0, stop.signal);
  const metrics = new Metrics(annals);
  const bodies = new JsonBodies(options.bodyLimit ?? BODY_LIMIT, options.bodySeconds ?? BODY_SECONDS);
  const fastify = httpServer(options);
  const inFlight = new InFlight(fastify);
  const app = await NestFactory.create(webModule(annals), new OwnErrors(forNest(fastify)), {
    logger: false,
    abortOnError: false,
    bodyParser: false,
  });

  try {
    const surface = {
      annals,
      authenticate: authentication(annals, options.identity && new IdentityProvider(options.identity)),
      buses: app.get(Buses),
      bodies,
      metrics,
      limits: new Limits(options.limits),
      logger,
      options,
      endpoints: endpointsOf(annals.registry),
      stopping: stop.signal,
    };
    registerRoutes(fastify, surface);
    await app.init();
    await fastify.ready();
    const { url } = await listen(fastify.server, options);
    logger?.info({ event: 'web.listening', url }, 'The server takes requests.');
    return { url, close };
  } catch (error) {
    await release();
    throw error;
  }

  async function close(milliseconds = DRAIN): Promise<void> {
    logger?.info({ event: 'web.stopping' }, 'The server takes no more requests.');
    stop.abort();
    const finished = await inFlight.empty(milliseconds);
    if (!finished) logger?.warn({ event: 'web.broken-off' }, 'Requests were still in flight and were broken off.');
    const closed = new Promise<void>((resolve) => fastify.server.close(() => resolve()));
    fastify.server.closeAllConnections();
    await closed;
    await release();
    logger?.info({ event: 'web.stopped' }, 'The server has stopped.');
  }

  async function release(): Promise<void> {
    bodies.close();
    metrics.close();
    await app.close();
  }
}

function webModule(annals: Annals): new () => object {
  @Module({ imports: [Buses.moduleOf(annals)] })
  class WebModule {}
  return WebModule;
}

/** Nest's adapter adds seven hooks to each request for features that are not used here (CORS, CSRF, versioning by code). */
function forNest(fastify: FastifyInstance): never {
  const addHook = () => instance;
  const instance = Object.create(fastify, { addHook: { value: addHook } });
  return instance as never;
}

/** Nest's own error and not-found answers are not problems of RFC 9457, and its middleware layer costs each request: both stay out. */
class OwnErrors extends FastifyAdapter {
  override async init(): Promise<void> {}
  override setErrorHandler() {
    return this.getInstance();
  }

  override setNotFoundHandler() {
    return this.getInstance();
  }
}

/** Requests between their head and the end of their answer. */
class InFlight {
  #count = 0;
  #emptied: (() => void) | undefined;

  constructor(fastify: FastifyInstance) {
    const ended = () => {
      this.#count--;
      if (this.#count === 0) this.#emptied?.();
    };
    fastify.server.on('request', (_request, response) => {
      this.#count++;
      response.on('close', ended);
    });
  }

  /** False where the milliseconds were over first. */
  async empty(milliseconds: number): Promise<boolean> {
    if (this.#count === 0) return true;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds, false);
      this.#emptied = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}
