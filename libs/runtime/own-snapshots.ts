import type { Log, Snapshot, Snapshots } from './ports.js';

/** The snapshots of a store, without those of a log that went by another id: its streams may be longer than they are now. */
export class OwnSnapshots implements Snapshots {
  constructor(
    private readonly store: Snapshots,
    private readonly log: Log,
  ) {}

  async loadSnapshot(stream: string, stateVersion: number): Promise<Snapshot | undefined> {
    const snapshot = await this.store.loadSnapshot(stream, stateVersion);
    if (!snapshot) return undefined;
    const { position } = JSON.parse(snapshot.json) as { readonly position: string };
    return position.startsWith(`${this.log.id}.`) ? snapshot : undefined;
  }

  saveSnapshot(snapshot: Snapshot): Promise<void> {
    return this.store.saveSnapshot(snapshot);
  }
}
