import type { Logger } from 'pino';
import type { StartStep } from '#runtime/starting';
import { ListenRefused, openWaitingRoom, type Starting, type WaitingRoom, type WaitingRoomOptions } from '#web';

/** Milliseconds after which a start is one that an operator wants to see. */
const SLOW = 2_000;
const SAYS_EVERY = 5_000;

/**
 * A start that takes long says so: in the log of the server, and at its address, where `/health/ready` tells what it waits for. One
 * that is over in a moment does neither.
 */
export class SlowStart {
  readonly #began = performance.now();
  #step: StartStep = { waitsFor: 'log' };
  #opening: Promise<WaitingRoom | undefined> | undefined;
  readonly #slow = setTimeout(() => this.#isSlow(), SLOW);
  #says: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: WaitingRoomOptions,
    private readonly logger: Logger,
    /** Told where the server can be asked meanwhile. */
    private readonly opened: (url: string) => void,
  ) {}

  readonly at = (step: StartStep): void => {
    this.#step = step;
  };

  /** Gives the port free; gives the one that was answered at, which the server goes on with. */
  async over(): Promise<number | undefined> {
    clearTimeout(this.#slow);
    clearInterval(this.#says);
    const room = await this.#opening;
    await room?.close();
    return room?.port;
  }

  get #starting(): Starting {
    const { waitsFor, share } = this.#step;
    const seconds = Math.round((performance.now() - this.#began) / 1_000);
    return { waitsFor, ...(share !== undefined && { percent: Math.floor(share * 100) }), seconds };
  }

  #isSlow(): void {
    this.#say();
    this.#says = setInterval(() => this.#say(), SAYS_EVERY);
    this.#opening = this.#open();
  }

  #say(): void {
    this.logger.info({ event: 'start.waits', ...this.#starting }, 'The start takes long.');
  }

  /** A port that cannot be had is said where the server wants it. */
  async #open(): Promise<WaitingRoom | undefined> {
    try {
      const room = await openWaitingRoom(this.options, () => this.#starting);
      this.opened(room.url);
      return room;
    } catch (error) {
      if (error instanceof ListenRefused) return undefined;
      throw error;
    }
  }
}
