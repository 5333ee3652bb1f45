import type { RollOutProgress, RollOutSpace, SpaceImpact } from '../../api/schemas.js';
import type { Tone } from '../../components/phase-tone.js';

export const ROLL_OUT_TONES: Readonly<Record<RollOutProgress['state'], Tone>> = {
  going: 'rising',
  held: 'falling',
  done: 'good',
  ended: 'rest',
};

export const SPACE_TONES: Readonly<Record<RollOutSpace['state'], Tone>> = {
  waiting: 'rest',
  updating: 'rising',
  done: 'good',
  failed: 'bad',
  refused: 'bad',
  skipped: 'rest',
};

export const EFFECT_TONES: Readonly<Record<SpaceImpact['effect'], Tone>> = {
  restart: 'falling',
  'in-place': 'rising',
  nothing: 'rest',
  'next-start': 'rest',
  refused: 'bad',
  unknown: 'unknown',
};
