import { afterAll, expect, it } from 'vitest';
import { describeStore } from '@knot/shared/store-conformance';
import { startGalera } from '../../tools/galera.js';
import { makeMysqlPlace } from '../../tools/mysql-place.js';

const galera = await startGalera();
const [first, second] = galera.nodes;

afterAll(() => galera.stop());

/** The connections of each store go to the nodes in turn. */
let turn = 0;
const inTurn = () => [first.port, second.port][(turn += 1) % 2] ?? first.port;

it('has two nodes that take writes', async () => {
  for (const node of galera.nodes) {
    const rows = await node.sql("SHOW STATUS WHERE Variable_name IN ('wsrep_cluster_size', 'wsrep_ready')");
    expect(rows.map((row) => row['Value'])).toEqual(['2', 'ON']);
  }
});

// Each is agreed on by both nodes before it is acknowledged: a tenth of what one server takes is as much waiting.
describeStore('the store on two nodes of Galera', () => makeMysqlPlace(first, inTurn), { commitsAtOnce: 200 });
