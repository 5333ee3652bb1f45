import { fromBinary } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import { PLATFORMS, type Platform, type Want } from '@knot/domain';
import { oneOf, wantOf } from './desired-space.js';

/** A standalone volume. `running` means that it is to be there, `stopped` that it is not. */
export interface DesiredVolume {
  readonly id: string;
  readonly generation: number;
  readonly name: string;
  readonly platform: Platform;
  /** Rendered by the origin. */
  readonly definition: string;
  readonly want: Want;
}

export function desiredVolume(bytes: Uint8Array): DesiredVolume {
  const { id, generation, name, platform, definition, want } = fromBinary(sync.VolumeSchema, bytes);
  return {
    id,
    generation: Number(generation),
    name,
    platform: oneOf(PLATFORMS, platform, 'its platform'),
    definition,
    want: wantOf(want),
  };
}
