import { describe, expect, it } from '@jest/globals';
import {
  ForeignPosition,
  LogUnavailable,
  StoreFault,
  TopicsDisagree,
  TopicsReset,
  TopicsUnavailable,
  WriterFenced,
} from '#runtime/ports';
import { LogBehindTopics } from '#runtime/relay/index';
import { reasonOf } from './reason.js';

describe('the reason of a failure, as it is logged', () => {
  it.each([
    new LogUnavailable('EventStoreDB does not answer.'),
    new StoreFault(true, 'MongoDB did not answer in time.'),
    new TopicsUnavailable('Kafka gave no end of a transaction in 30000 ms.'),
    new TopicsReset('Checkpoints are there, and no topic.'),
    new TopicsDisagree('The topic is compacted.'),
    new WriterFenced('Another writer of the shard came after this one.'),
    new ForeignPosition('aaaaaaaa.0000000000000002 is no position of a fact of this log.'),
    new LogBehindTopics('aaaaaaaa.0000000000000002', 'aaaaaaaa.0000000000000001'),
  ])('is what an engine says of itself: $message', (error) => {
    expect(reasonOf(error)).toContain(error.message);
  });

  it('leaves out what another error says, which may quote data', () => {
    expect(reasonOf(new Error('Ada Lovelace cannot be folded.'))).not.toContain('Ada');
  });
});
