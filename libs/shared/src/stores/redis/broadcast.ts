import type { RedisPlace } from './connection.js';
import { Subscription } from './subscription.js';

/** Texts between the processes of one installation: lost while Redis is away, never truth. */
export interface Broadcast {
  say(text: string): void;
  /** What other processes say. */
  hear(listener: (text: string) => void): void;
}

interface BroadcastOptions {
  readonly place: RedisPlace;
  readonly channel: string;
  /** Of this process: it does not hear itself. */
  readonly name: string;
  readonly publish: (channel: string, text: string) => Promise<unknown>;
}

export class RedisBroadcast implements Broadcast {
  readonly #listeners: ((text: string) => void)[] = [];
  readonly #subscription: Subscription;

  constructor(private readonly options: BroadcastOptions) {
    const own = `${options.name}\n`;
    this.#subscription = new Subscription(options.place, options.channel, (text) => {
      if (text.startsWith(own)) return;
      const said = text.slice(text.indexOf('\n') + 1);
      for (const hear of this.#listeners) hear(said);
    });
  }

  say(text: string): void {
    const { channel, name, publish } = this.options;
    void publish(channel, `${name}\n${text}`).catch(() => undefined);
  }

  hear(listener: (text: string) => void): void {
    this.#listeners.push(listener);
  }

  close(): Promise<void> {
    return this.#subscription.close();
  }
}
