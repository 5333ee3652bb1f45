import { RedisConnection } from './connection.js';
import type { RedisPlace } from './place.js';

/**
 * Hears what others publish on a channel, for as long as Redis can be reached; what is said meanwhile is lost. It waits
 * for nothing: whoever listens must do without it.
 */
export class Subscription {
  readonly #connection: RedisConnection;

  constructor(place: RedisPlace, channel: string, hear: (text: string) => void) {
    this.#connection = new RedisConnection(place);
    const { client } = this.#connection;
    client.on('message', (from: string, text: string) => {
      if (from === channel) hear(text);
    });
    // At each new connection: ioredis subscribes again by itself only to what it had subscribed to before.
    client.on('ready', () => void client.subscribe(channel).catch(() => undefined));
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}
