export { type CloudEvent, cloudEvent } from '#runtime/cloud-events';
