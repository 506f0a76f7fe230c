import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { LOOPBACK } from '#runtime/loopback';
import { Problem } from '#runtime/problem';
import { securityHeaders } from './answers.js';
import { type Listening, listen } from './listen.js';
import { checkBinding, type WebOptions } from './options.js';
import { problemJson } from './problem-json.js';

/** How far a start is, for whoever is near enough to be told. */
export interface Starting {
  readonly waitsFor: string;
  /** Of the log, from 0 to 100, where the step reads it. */
  readonly percent?: number;
  /** Since the start began. */
  readonly seconds: number;
}

export interface WaitingRoom extends Listening {
  /** Gives the port free. */
  close(): Promise<void>;
}

export type WaitingRoomOptions = Pick<WebOptions, 'host' | 'port' | 'portSearch' | 'tls' | 'trustedProxy'>;

const RETRY_AFTER = 5;

/**
 * Answers at the address of a server that is still starting: it lives, is not ready, and says what it waits for; everything else is
 * 503 with Retry-After. Nobody can tell good tokens from bad ones yet, so that details are for callers on the same machine.
 * Throws ListenRefused.
 */
export async function openWaitingRoom(options: WaitingRoomOptions, starting: () => Starting): Promise<WaitingRoom> {
  checkBinding(options);
  const { tls, trustedProxy } = options;
  const isNear = ({ socket }: IncomingMessage) => !trustedProxy && LOOPBACK.test(socket.remoteAddress ?? '');
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url?.replace(/\?.*$/, '');
    if (path === '/health/live') send(response, 200, { status: 'live' });
    else if (path === '/health/ready') send(response, 503, { ready: false, ...(isNear(request) && told(starting())) });
    else send(response, 503, problemJson(stillStarting()), 'application/problem+json');
  };
  const server = tls ? createTlsServer({ ...tls, minVersion: 'TLSv1.2' }, answer) : createServer(answer);
  const listening = await listen(server, options);
  return {
    ...listening,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

const told = (starting: Starting) => ({ failure: `The server is starting: ${inWords(starting)}.`, starting });

export const inWords = ({ waitsFor, percent, seconds }: Starting): string =>
  `it waits for ${waitsFor}${percent === undefined ? '' : `, ${percent} % of the log read`}, since ${seconds} s`;

const stillStarting = () =>
  new Problem(503, 'starting', 'This server is still starting; send the same request again.', { retryAfter: RETRY_AFTER });

function send(response: ServerResponse, status: number, body: object, type = 'application/json'): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(text),
    ...(status === 503 && { 'retry-after': String(RETRY_AFTER) }),
    // the connection of a request that follows is to the server itself
    connection: 'close',
    ...securityHeaders,
  });
  response.end(text);
}
