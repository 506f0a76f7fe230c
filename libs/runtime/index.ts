export * from './annals.js';
export * from './clock.js';
export * from './create.js';
export * from './envelope.js';
export * from './ports.js';
export * from './problem.js';
export * from './registry.js';
export * from './requests.js';
export { systemContext } from './system/system.context.js';
