import type { Location } from '../../api/schemas.js';
import type { Tone } from '../../components/phase-tone.js';
import { texts } from '../../texts/texts.js';

interface LocationFinding {
  readonly location: string;
  readonly tone: Tone;
  readonly word: string;
}

/** Silent locations, leaves that wait, orphans: the worst first. */
export function locationFindings(locations: readonly Location[]): readonly LocationFinding[] {
  const of = (tone: Tone, fits: (location: Location) => boolean, word: (location: Location) => string) =>
    locations.filter(fits).map((location) => ({ location: location.name, tone, word: word(location) }));
  return [
    ...of(
      'unknown',
      ({ live, leaf }) => !live && leaf !== null,
      ({ name }) => texts.health.silent(name),
    ),
    ...of(
      'falling',
      ({ waiting }) => waiting > 0,
      ({ name, waiting }) => texts.health.waits(name, waiting),
    ),
    ...of(
      'falling',
      ({ orphans }) => orphans > 0,
      ({ name, orphans }) => texts.health.orphans(name, orphans),
    ),
  ];
}
