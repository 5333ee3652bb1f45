import { fromBinary } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import { CLOSED_PORTS, PORT_SHARES, type PortPolicy } from '@knot/domain';
import type { LeafStore } from '@knot/shared/store';

/** What the location says of web ports, from the leaf's own disk. */
export class PortRules {
  constructor(
    private readonly store: Pick<LeafStore, 'object'>,
    private readonly location: string,
  ) {}

  async policy(): Promise<PortPolicy> {
    const stored = await this.store.object('location', this.location);
    if (!stored) return CLOSED_PORTS;
    const { portShare, publicPorts } = fromBinary(sync.LocationSchema, stored.bytes);
    return { share: PORT_SHARES.find((one) => one === portShare) ?? 'owner', public: publicPorts };
  }
}
