import { randomUUID } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startServer, type Mariadb } from './mariadb.js';
import { freePorts } from './ports.js';

const PROVIDER = '/usr/lib/galera/libgalera_smm.so';

export interface Galera {
  readonly nodes: readonly [Mariadb, Mariadb];
  stop(): Promise<void>;
}

/** Two nodes of one Galera cluster on loopback; both take writes. */
export async function startGalera(): Promise<Galera> {
  if (!existsSync(PROVIDER)) throw new Error(`There is no ${PROVIDER}. Run: node test/tools/get.mjs`);
  const [firstGroup = 0, secondGroup = 0, ...rest] = await freePorts(4);
  const members = [firstGroup, secondGroup].map((port) => `127.0.0.1:${port}`);
  const flagsOf = (index: number): string[] => [
    '--wsrep-on=ON',
    `--wsrep-provider=${PROVIDER}`,
    '--wsrep-cluster-name=knot-tests',
    `--wsrep-cluster-address=gcomm://${members.join()}`,
    `--wsrep-provider-options=base_host=127.0.0.1;gmcast.listen_addr=tcp://${members[index]};ist.recv_addr=127.0.0.1:${rest[index]}`,
    `--wsrep-node-name=node-${index}`,
    `--wsrep-node-address=${members[index]}`,
    '--binlog-format=ROW',
    '--innodb-autoinc-lock-mode=2',
  ];
  // Both begin with the same data, those of a new server, and say so: then the second need not be sent them.
  const uuid = randomUUID();
  const beginAt = (seqno: number) => (data: string) => {
    const state = ['# GALERA saved state', 'version: 2.1', `uuid: ${uuid}`, `seqno: ${seqno}`, 'safe_to_bootstrap: 1'];
    writeFileSync(join(data, 'grastate.dat'), `${state.join('\n')}\n`);
  };
  const first = await startServer([...flagsOf(0), '--wsrep-new-cluster'], '', beginAt(0));
  const [last] = await first.sql("SHOW STATUS LIKE 'wsrep_last_committed'");
  const second = await startServer(flagsOf(1), '', beginAt(Number(last?.['Value'])));
  return {
    nodes: [first, second],
    async stop() {
      await second.stop();
      await first.stop();
    },
  };
}
