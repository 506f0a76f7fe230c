import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { securityHeaders } from './answers.js';

/** An answer that is written piece by piece; knows when its reader is gone and when it is too slow. */
export class RawStream {
  readonly #raw: ServerResponse;

  /** Sends the head at once; who asked for the head only gets nothing else. */
  constructor(request: FastifyRequest, reply: FastifyReply, contentType: string) {
    reply.hijack();
    this.#raw = reply.raw;
    this.#raw.writeHead(200, { 'content-type': contentType, 'request-id': request.id, ...securityHeaders });
    this.#raw.flushHeaders();
    this.#raw.on('error', () => this.#raw.destroy());
    // Every answer that is ready waits for the same drain.
    this.#raw.setMaxListeners(0);
    if (request.method === 'HEAD') this.#raw.end();
  }

  get closed(): boolean {
    return this.#raw.destroyed || this.#raw.writableEnded;
  }

  /** Resolves when more may be written: the reader sets the pace. */
  async write(text: string): Promise<void> {
    if (this.closed || this.#raw.write(text)) return;
    await new Promise<void>((resolve) => {
      const go = () => {
        this.#raw.off('drain', go).off('close', go);
        resolve();
      };
      this.#raw.on('drain', go).on('close', go);
    });
  }

  onClose(listener: () => void): void {
    this.#raw.once('close', listener);
  }

  end(): void {
    if (!this.closed) this.#raw.end();
  }

  /** Breaks the connection off, so that the reader does not take what it has for the whole. */
  abort(): void {
    this.#raw.destroy();
  }
}
