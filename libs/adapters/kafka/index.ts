export type { KafkaConnection } from './client.js';
export { type KafkaTopicsOptions, openKafkaTopics } from './topics.js';
