import type { Location, Template, User } from '../../api/schemas.js';
import type { Bar } from '../../components/bar-chart.js';
import { texts } from '../../texts/texts.js';

/** No chart is longer: those that use most. */
const MOST_BARS = 25;

/** Of everybody with a space: all, those that run, and the user's own limit of running ones. */
export function userBars(users: readonly User[]): readonly Bar[] {
  return longestOf(
    users.map(({ id, username, spaces, running, maxRunning }) => ({
      label: username,
      to: `/spaces?owner=${id}`,
      all: spaces,
      part: running,
      limit: maxRunning,
      figure: texts.usage.runningOf(running, spaces),
    })),
  );
}

export function locationBars(locations: readonly Location[]): readonly Bar[] {
  return longestOf(
    locations.map(({ name, spaces }) => ({
      label: name,
      to: `/spaces?location=${encodeURIComponent(name)}`,
      all: spaces,
      figure: String(spaces),
    })),
  );
}

export function templateBars(templates: readonly Template[]): readonly Bar[] {
  return longestOf(
    templates.map(({ id, name, spaces }) => ({
      label: name,
      to: `/spaces?template=${id}`,
      all: spaces,
      figure: String(spaces),
    })),
  );
}

function longestOf(bars: readonly Bar[]): readonly Bar[] {
  return bars
    .filter(({ all }) => all > 0)
    .sort((a, b) => b.all - a.all)
    .slice(0, MOST_BARS);
}
