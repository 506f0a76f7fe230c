export { refusalOf, type WebhookSenderOptions, webhookSender } from './send.js';
