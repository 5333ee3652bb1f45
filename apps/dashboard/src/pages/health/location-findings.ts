import type { Location } from '../../api/schemas.js';
import type { Tone } from '../../components/phase-tone.js';
import { texts } from '../../texts/texts.js';

interface LocationFinding {
  readonly location: string;
  readonly tone: Tone;
  readonly word: string;
}

/** Silent locations, leaves of another version than the origin's, leaves that wait, orphans: the worst first. */
export function locationFindings(locations: readonly Location[], version: string): readonly LocationFinding[] {
  const of = (tone: Tone, fits: (location: Location) => boolean, word: (location: Location) => string) =>
    locations.filter(fits).map((location) => ({ location: location.name, tone, word: word(location) }));
  const differs = ({ leaf }: Location) => leaf !== null && leaf.version !== '' && leaf.version !== version;
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
    ...of('rest', differs, ({ name, leaf }) => texts.health.otherVersion(name, leaf?.version ?? '')),
  ];
}
