export { DocumentReader } from './document-reader.js';
export { type Fellow, remoteFellow, type StartFellow, serveFellow } from './fellow.js';
export { definitionHash, definitionOf, foldText } from './plan.js';
export { Views, type ViewsOptions } from './service.js';
export type { ViewProgress } from './sights.js';
export { Standings } from './standings.js';
export {
  type RemoteViews,
  remoteViews,
  runViewsThread,
  type ServedViews,
  servePort,
  splitViews,
  type ViewsThreadOptions,
} from './thread.js';
