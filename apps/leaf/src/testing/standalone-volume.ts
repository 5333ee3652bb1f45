import { create } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';

/** A standalone volume as an origin sends it. */
export function standaloneVolume(id: string, generation: bigint, want: sync.Want): sync.Volume {
  return create(sync.VolumeSchema, { id, generation, name: 'shared', platform: 'local', definition: 'shared', want });
}
