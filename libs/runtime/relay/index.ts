export { topicMessage } from './messages.js';
export { Publication, type PublicationOptions } from './publication.js';
export { LogBehindTopics, Relay, type RelayOptions } from './relay.js';
export { topicSchemas } from './schemas.js';
