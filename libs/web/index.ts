export { type CloudEvent, cloudEvent } from '#runtime/cloud-events';
export { additiveChange } from './additive-change.js';
export type { Endpoint } from './endpoint.js';
export { endpointsOf } from './endpoints.js';
export { logEvents } from './log-events.js';
export { type OpenApiDocument, openApiDocument } from './openapi.js';
export { ListenRefused, type WebOptions } from './options.js';
export { type ProblemJson, problemJson, problemOf } from './problem-json.js';
export { startWeb, type Web } from './web.js';
