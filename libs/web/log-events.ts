/**
 * Every `event` of the log of the server, with its level and what it says; the names are stable. A specification compares this list
 * with the sources, and the reference is made of it.
 */
export const logEvents = {
  'start.waits': [
    'info',
    'The start takes long; `waitsFor` (log, keys, state, views, erasures, processes), `percent` of the log that this step has read, `seconds` since it began. Every five seconds.',
  ],
  'web.listening': ['info', 'The server takes requests; `url`.'],
  'settings.unused': ['warn', 'Settings are given for an engine that is not used; `settings`, the names of their variables.'],
  'web.stopping': ['info', 'It takes no more requests, and finishes what is in flight.'],
  'web.broken-off': ['warn', 'Requests were still in flight at the end of the time for it, and were broken off.'],
  'web.stopped': ['info', 'It has stopped.'],
  'request.done': [
    'debug, info (4xx), error (5xx)',
    'A request was answered; `requestId`, `route` (its pattern), `status`, `milliseconds`.',
  ],
  'request.failed': [
    'error',
    'A fault of ours; `requestId` is the `instance` of the problem, `error` has frames without a message.',
  ],
  'line.failed': ['error', 'A line of many commands met a fault of ours; `requestId`.'],
  'lines.broken': ['info', 'The sender of lines broke off; what it sent in full was done.'],
  'replay.failed': ['error', 'A replay ended early; `requestId`.'],
  'token.issued': ['info', 'A token was issued; `tokenId`, `roles`.'],
  'webhook.secret-shown': ['info', 'The secret of a webhook was shown; `requestId`, `webhookId`.'],
  'view.rebuild': ['info', 'A rebuild begins; `view`, `switches`.'],
  'view.rebuild.failed': ['error', 'A rebuild ended early; `view`, `error`.'],
  'backup.done': ['info', 'A backup was made; `position` up to which.'],
  'history.published': ['info', 'A signed head of the history was published by hand; `size`.'],
  'reader.failed': [
    'error',
    'A view, process, relay, webhook or the notary of the history failed and will try again; `reader`, `reason`.',
  ],
} as const satisfies Readonly<Record<string, readonly [level: string, says: string]>>;
