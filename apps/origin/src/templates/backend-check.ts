import type { Platform } from '@knot/domain';
import type { TemplateRow } from '@knot/shared/store';
import type { LocationState, LocationStates } from '../locations/location-states.js';
import { ANSWER_MS, type Questions } from '../sync/questions.js';
import type { TextWarningDto } from './template.dto.js';

/** Bytes of both texts: a leaf takes messages of 4 MB. */
const LARGEST = 3 * 1024 * 1024;
/** What a backend says is bounded there; a leaf is not trusted with it. */
const MOST_WARNINGS = 20;
const LONGEST = 2_000;

/** Rendered for a space that does not exist, protected values masked. */
export interface RenderedWorkload {
  readonly platform: Platform;
  readonly spaceId: string;
  readonly job: string;
  readonly volumes: string;
  readonly exceptions: string[];
}

/** Asks one location what its backend says of rendered texts. What it says are warnings, and so is that nobody could. */
export class BackendCheck {
  constructor(
    private readonly states: LocationStates,
    private readonly questions: Questions,
  ) {}

  /** A location that the template is for and that can be asked now; null where there is none. */
  async locationFor({ platform, locations }: Pick<TemplateRow, 'platform' | 'locations'>): Promise<string | null> {
    const all = locations.length === 0 ? await this.states.all() : (await this.states.named(locations)).values();
    return [...all].find((state) => this.canAsk(state, platform))?.row.id ?? null;
  }

  async warnings(location: string, workload: RenderedWorkload): Promise<TextWarningDto[]> {
    const state = (await this.states.named([location])).get(location);
    if (!this.canAsk(state, workload.platform)) {
      return [unchecked(`${location} cannot be asked from here now, or has ${workload.platform} not ready`)];
    }
    if (Buffer.byteLength(workload.job) + Buffer.byteLength(workload.volumes) > LARGEST) {
      return [unchecked('rendered, they are longer than 3 MiB')];
    }
    const answer = await this.questions.ask(location, workload);
    if (!answer) return [unchecked(`${location} has not answered within ${ANSWER_MS / 1_000} s`)];
    return answer.warnings.slice(0, MOST_WARNINGS).map(({ message, hint, line, column }) => ({
      ...{ message: message.slice(0, LONGEST), hint: hint.slice(0, LONGEST), line, column },
    }));
  }

  private canAsk(state: LocationState | undefined, platform: Platform): boolean {
    if (!state?.live || !this.questions.reaches(state.row.id)) return false;
    return state.status?.platforms.some((one) => one.platform === platform && one.ready) ?? false;
  }
}

/** That nobody has looked is a warning too, in one sentence. */
export function unchecked(why: string): TextWarningDto {
  return { message: `No backend has checked the texts: ${why}.`, hint: '', line: 0, column: 0 };
}
