export { factSchemas, schemaName, storedSchema } from './fact-schemas.js';
export { topicMessage } from './messages.js';
export { Publication, type PublicationOptions } from './publication.js';
export { LogBehindTopics, Relay, type RelayOptions } from './relay.js';
export { bundledSchema, eventSchema, type TopicSchema, topicSchemas, versionsOf } from './schemas.js';
