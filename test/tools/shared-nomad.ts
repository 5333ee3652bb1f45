import { randomUUID } from 'node:crypto';
import { afterAll } from 'vitest';
import { NomadClient } from './nomad-client.js';
import { sharedServer } from './shared-server.js';

export interface SharedNomad {
  addr: string;
  /** The management token. */
  token: string;
  /** A client for a namespace made for this test file; its jobs and volumes go when the file ends. */
  freshNamespace(): Promise<NomadClient>;
}

/**
 * The Nomad of the whole test run. For what disturbs others (down, freeze, another configuration) start one of your own
 * by `startNomad()`: it takes about two seconds.
 */
export async function sharedNomad(): Promise<SharedNomad> {
  const { addr, token } = await sharedServer('nomad');
  const clients: NomadClient[] = [];
  afterAll(async () => {
    for (const client of clients) await client.empty();
  });
  return {
    addr,
    token,
    async freshNamespace() {
      const all = new NomadClient({ addr, token, namespace: 'default' });
      const client = await all.createNamespace(`test-${randomUUID().slice(0, 8)}`);
      clients.push(client);
      return client;
    },
  };
}
