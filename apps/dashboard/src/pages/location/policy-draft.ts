import { CLOSED_PORTS, type PortShare } from '@knot/domain';
import type { LocationDetail } from '../../api/schemas.js';

type Policy = LocationDetail['policy'];

/** A location's policy as its form holds it. */
export interface PolicyDraft {
  /** Names with commas between them. */
  readonly drivers: string;
  readonly hostVolumes: string;
  readonly share: PortShare;
  readonly public: boolean;
  readonly leafWishes: boolean;
}

export function draftOf({ drivers, hostVolumes, ports = CLOSED_PORTS, leafWishes = false }: Policy): PolicyDraft {
  const { share, public: open } = ports;
  return { drivers: drivers.join(', '), hostVolumes: hostVolumes.join(', '), share, public: open, leafWishes };
}

export function policyOf({ drivers, hostVolumes, share, leafWishes, public: open }: PolicyDraft): Policy {
  return {
    drivers: namesIn(drivers),
    hostVolumes: namesIn(hostVolumes),
    ports: { share, public: open },
    leafWishes,
  };
}

function namesIn(text: string): string[] {
  return text.split(/[\s,]+/).filter((name) => name !== '');
}
