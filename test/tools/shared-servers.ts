import { startKubernetes } from './kubernetes.js';
import { startMariadb } from './mariadb.js';
import { startNomad } from './nomad.js';

/** A real server of the whole test run. */
export interface SharedServer {
  /** What a test needs to reach it; it travels to the test's worker as JSON. */
  readonly access: unknown;
  stop(): Promise<void>;
}

/** Tests of what outlives a crash have a server of their own: this one need not wait for the disk. */
const HASTY = ['--innodb-flush-method=nosync', '--innodb-flush-log-at-trx-commit=0', '--innodb-doublewrite=0'];

/**
 * The servers that test files share, by name. One starts when the first file asks for it by `sharedServer(name)`, once per
 * run, and stops with the run. Files use it side by side: each makes what it needs under names of its own.
 */
export const sharedServers = {
  async nomad() {
    const { addr, token, stop } = await startNomad();
    return { access: { addr, token }, stop };
  },
  async mariadb() {
    const { host, port, user, password, stop } = await startMariadb(...HASTY);
    return { access: { host, port, user, password }, stop };
  },
  async kubernetes() {
    const { server, token, ca, folder, pid, stop } = await startKubernetes();
    return { access: { server, token, ca, folder, pid }, stop };
  },
} satisfies Record<string, () => Promise<SharedServer>>;

export type SharedServerName = keyof typeof sharedServers;

export function isSharedServerName(name: string): name is SharedServerName {
  return Object.hasOwn(sharedServers, name);
}
