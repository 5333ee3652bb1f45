import { join } from 'node:path';
import { locationReady, startLeaf, startOrigin, type Leaf, type Origin } from '../tools/cluster.js';
import { startNomad } from '../tools/nomad.js';
import type { NomadClient } from '../tools/nomad-client.js';
import type { BenchOptions } from './bench-options.js';
import { mockJob } from '../e2e/jobs.js';
import { createBareSide, nothingRuns } from './bare-side.js';
import { startCountingProxy, type CountingProxy } from './counting-proxy.js';
import { createKnotSide, type KnotSide } from './knot-side.js';
import { Registrations } from './registrations.js';
import type { Side } from './side.js';

const LOCATION = 'lon';

export interface Product {
  readonly origin: Origin;
  readonly leaf: Leaf;
  readonly side: KnotSide;
  readonly proxy: CountingProxy;
}

/** A Nomad of its own, the bare callers, and (unless only the peer is wanted) an origin and a leaf as a user starts them. */
export interface MeasuredCluster {
  readonly bare: Side;
  /** Null when only the peer is measured. */
  readonly product: Product | null;
  readonly registrations: Registrations;
  stop(): Promise<void>;
}

export async function startMeasuredCluster(options: BenchOptions): Promise<MeasuredCluster> {
  const nomad = await startNomad();
  try {
    // Namespaces apart: the leaf's own watch sees nothing of the bare jobs, so that neither side pays for the other.
    const [peers, ours] = [await nomad.freshNamespace(), await nomad.freshNamespace()];
    const registrations = await Registrations.follow(nomad);
    const bare = await createBareSide(peers);
    const product = options.bare ? null : await startProduct(ours, options);
    const stop = async () => {
      registrations.close();
      await product?.leaf.process.terminate();
      await product?.origin.process.terminate();
      product?.proxy.close();
      await nomad.stop();
    };
    return { bare, product, registrations, stop };
  } catch (error) {
    await nomad.stop();
    throw error;
  }
}

/** The environment of a process whose profile, where one is wanted, is written when it ends. */
export function profiled({ profile }: BenchOptions, name: string): Record<string, string> {
  if (profile === '') return {};
  return { NODE_OPTIONS: `--cpu-prof --cpu-prof-interval=500 --cpu-prof-dir=${join(profile, name)}` };
}

async function startProduct(namespace: NomadClient, options: BenchOptions): Promise<Product> {
  const origin = await startOrigin({ env: profiled(options, 'origin') });
  const proxy = await startCountingProxy(origin.url);
  const leaf = await startLeaf(proxy, { location: LOCATION, nomad: namespace.access, env: profiled(options, 'leaf') });
  await locationReady(origin, LOCATION, 'nomad');
  const exceptions = ['driver:mock_driver'];
  const template = { name: 'mock', platform: 'nomad' as const, job: mockJob(), exceptions };
  const side = await createKnotSide(origin, LOCATION, template, () => nothingRuns(namespace));
  return { origin, leaf, proxy, side };
}
