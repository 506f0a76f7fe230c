import { randomUUID } from 'node:crypto';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { status as codes } from '@grpc/grpc-js';
import { failure, nameOf } from './appends.js';
import { eventMessage, type ReadCall } from './messages.js';
import type { Recorded, Store } from './store.js';

type Options = NonNullable<ReturnType<ReadReq['getOptions']>>;

/** E36: so many records of any kind to a window. */
const WINDOW = 32;

/**
 * Confirmation, what was there, caughtUp once, what comes (E34). While it catches up the transport paces it; live it is
 * dropped when more than `liveBuffer` events wait for it (E38).
 */
export function subscribe(
  call: ReadCall,
  store: Store,
  options: Options,
  filter: (record: Recorded) => boolean,
  liveBuffer: number,
): void {
  const toAll = options.getAll();
  const name = nameOf(options.getStream()?.getStreamIdentifier());
  const source = toAll ? store.log : undefined;
  const records = () => source ?? store.stream(name);
  const from = toAll ? firstOfAll(store, toAll) : firstOfStream(options, records().length);
  if (from === undefined) {
    // E21
    call.emit('error', failure(codes.UNKNOWN, 'Exception was thrown by handler.'));
    return;
  }
  const checkpoints = toAll && options.hasFilter() ? checkpointEvery(call, options) : undefined;
  const accepts = (record: Recorded) => (toAll ? filter(record) : true);
  let over = false;
  let next = from;
  let live: Recorded[] | undefined;

  const gone = new Promise((resolve) => call.once('cancelled', resolve));
  const stop = store.onCommit((committed) => {
    if (!live || over) return;
    // A prefix of what came may be seen before the drop (E19).
    for (const record of committed) {
      if (!toAll && record.stream !== name) continue;
      live.push(record);
      if (live.length <= liveBuffer) continue;
      over = true;
      stop();
      call.emit(
        'error',
        failure(
          codes.ABORTED,
          'Operation timed out: Consumer too slow to handle event while live. Client resubscription required.',
        ),
      );
      return;
    }
    void pump();
  });
  const end = () => {
    over = true;
    stop();
  };
  call.on('cancelled', end);
  call.on('close', end);

  const give = async (record: Recorded) => {
    const wanted = accepts(record);
    if (wanted && !call.write(eventMessage(record))) {
      await Promise.race([drained(call), gone]);
    }
    checkpoints?.(record, wanted);
  };

  let pumping = false;
  const pump = async () => {
    if (pumping) return;
    pumping = true;
    for (let taken = 1; !over; taken++) {
      const record = live?.shift();
      if (!record) break;
      await give(record);
      // The transport takes some at a time, as a network does.
      if (taken % 32 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    pumping = false;
  };

  const catchUp = async () => {
    call.write(
      new streams.ReadResp().setConfirmation(new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(randomUUID())),
    );
    for (; next < records().length && !over; next++) await give(records()[next] as Recorded);
    if (over) return;
    live = [];
    // E34: of a missing stream it says so behind the first event only; nobody of ours subscribes to one.
    if (toAll || records().length > 0) call.write(new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp()));
  };
  void catchUp();
}

const drained = (call: ReadCall) => new Promise((resolve) => call.once('drain', resolve));

/** The index of the first record; E20: behind the position given. Undefined where no record starts (E21). */
function firstOfAll(store: Store, all: NonNullable<ReturnType<Options['getAll']>>): number | undefined {
  if (all.hasStart()) return 0;
  if (all.hasEnd()) return store.log.length;
  const position = Number(all.getPosition()?.getCommitPosition());
  if (position === 0) return 0;
  const index = store.indexOf(position);
  if (index !== undefined) return index + 1;
  // E22: beyond the end it is 'end'.
  return position > (store.log.at(-1)?.position ?? 0) ? store.log.length : undefined;
}

function firstOfStream(options: Options, length: number): number {
  const from = options.getStream();
  if (from?.hasEnd()) return length;
  return from?.hasRevision() ? Number(from.getRevision()) + 1 : 0;
}

function checkpointEvery(call: ReadCall, options: Options): (record: Recorded, wanted: boolean) => void {
  const filter = options.getFilter();
  const window = (filter?.hasMax() ? filter.getMax() : WINDOW) * (filter?.getCheckpointintervalmultiplier() || 1);
  const checkpoint = (commit: number, prepare: number) =>
    call.write(
      new streams.ReadResp().setCheckpoint(
        new streams.ReadResp.Checkpoint().setCommitPosition(String(commit)).setPreparePosition(String(prepare)),
      ),
    );
  let looked = 0;
  return (record, wanted) => {
    looked += 1;
    if (looked % window !== 0) return;
    // E36: where nothing that matches lies, prepare is 0.
    checkpoint(record.position, wanted ? record.position : 0);
  };
}
