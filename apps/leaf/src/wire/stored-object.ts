import { clone, fromBinary, toBinary } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import type { LeafObject, LeafObjectKind } from '@knot/shared/store';

/** What is known of an object without reading it again. */
export interface ObjectSummary {
  /** 0 where the kind has none. */
  readonly generation: number;
  /** '' where it has none: a space that was never started. */
  readonly platform: string;
}

export interface ArrivedObject {
  readonly object: Omit<LeafObject, 'listed'>;
  readonly summary: ObjectSummary;
  /** What the origin last heard of a space; null outside of a listing. */
  readonly lastReported: sync.SpaceStatus | null;
}

/** An object off the wire as the store keeps it; unknown fields stay. Null for a kind of a newer origin. */
export function arrivedObject({ object }: sync.Object$): ArrivedObject | null {
  switch (object.case) {
    case 'space': {
      const { lastReported = null } = object.value;
      const space = lastReported ? clone(sync.SpaceSchema, object.value) : object.value;
      space.lastReported = undefined;
      const bytes = toBinary(sync.SpaceSchema, space);
      return { object: { kind: 'space', id: space.id, bytes }, summary: ofSpace(space), lastReported };
    }
    case 'volume': {
      const { value } = object;
      const bytes = toBinary(sync.VolumeSchema, value);
      return { object: { kind: 'volume', id: value.id, bytes }, summary: ofVolume(value), lastReported: null };
    }
    case 'location': {
      const bytes = toBinary(sync.LocationSchema, object.value);
      return { object: { kind: 'location', id: object.value.name, bytes }, summary: NOTHING, lastReported: null };
    }
    case undefined:
      return null;
  }
}

export function summaryOf({ kind, bytes }: Pick<LeafObject, 'kind' | 'bytes'>): ObjectSummary {
  switch (kind) {
    case 'space':
      return ofSpace(fromBinary(sync.SpaceSchema, bytes));
    case 'volume':
      return ofVolume(fromBinary(sync.VolumeSchema, bytes));
    case 'location':
      return NOTHING;
  }
}

const NOTHING: ObjectSummary = { generation: 0, platform: '' };

function ofSpace({ generation, snapshot }: sync.Space): ObjectSummary {
  return { generation: Number(generation), platform: snapshot?.platform ?? '' };
}

function ofVolume({ generation, platform }: sync.Volume): ObjectSummary {
  return { generation: Number(generation), platform };
}

export function kindOf(kind: sync.ObjectKind): LeafObjectKind | null {
  switch (kind) {
    case sync.ObjectKind.SPACE:
      return 'space';
    case sync.ObjectKind.VOLUME:
      return 'volume';
    case sync.ObjectKind.LOCATION:
      return 'location';
    case sync.ObjectKind.UNSPECIFIED:
      return null;
  }
}
