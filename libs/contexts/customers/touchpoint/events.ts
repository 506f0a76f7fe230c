import { Choice, fact, Id, Text } from '#kernel';

export const channels = ['PHONE', 'EMAIL', 'CHAT', 'SOCIAL', 'WEB', 'POST', 'IN_PERSON', 'MEETING'] as const;

export const TouchpointRegistered = fact('TouchpointRegistered', 'The company has a new place where it meets its customers.', {
  touchpointId: Id('the touchpoint'),
  name: Text('how the company calls it', 120),
  channel: Choice(channels, 'the channel that it belongs to'),
});
