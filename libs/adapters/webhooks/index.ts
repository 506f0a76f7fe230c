export { type WebhookSenderOptions, webhookSender } from './send.js';
