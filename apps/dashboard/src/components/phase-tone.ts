import type { Phase } from '@knot/domain';

/** What a colour says: good, on its way up, on its way down, at rest, broken, not known. */
export type Tone = 'good' | 'rising' | 'falling' | 'rest' | 'bad' | 'unknown';

export function toneOfPhase(phase: Phase): Tone {
  switch (phase) {
    case 'Running':
      return 'good';
    case 'Queued':
    case 'Provisioning':
    case 'Starting':
      return 'rising';
    case 'Stopping':
    case 'Deleting':
      return 'falling';
    case 'Stopped':
      return 'rest';
    case 'Failed':
      return 'bad';
    case 'Unknown':
      return 'unknown';
  }
}
