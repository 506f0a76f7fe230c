import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';

/** Milliseconds after which `fetch` gives up an answer that has not begun, whatever it was told. */
export const FETCH_WAITS = 300_000;

interface Asked {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly body?: string;
}

/** As `fetch`, for one short answer that may take hours to begin: nothing but the signal ends it. Follows no redirections. */
export function patientFetch(url: string, { method, headers, signal, body }: Asked): Promise<Response> {
  const request = url.startsWith('https:') ? overHttps : overHttp;
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers, signal, agent: false }, (answer) => {
      answered(answer).then(resolve, reject);
    });
    // What watches the connection on the way forgets one on which nothing happens.
    asked.setSocketKeepAlive(true, 60_000);
    asked.on('error', (error) => reject(signal.aborted ? signal.reason : error));
    asked.end(body);
  });
}

async function answered(answer: IncomingMessage): Promise<Response> {
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part as Buffer);
  return new Response(Buffer.concat(parts).toString(), {
    status: answer.statusCode ?? 500,
    statusText: answer.statusMessage ?? '',
  });
}
