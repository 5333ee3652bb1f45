import { may } from '@knot/domain';
import type { Store } from '@knot/shared/store';
import { found } from '../deeds/check.js';
import type { Call } from '../http/call.js';
import { locationDetail, locationDto, type LocationCounts } from './location-dtos.js';
import type { LocationStates } from './location-states.js';
import type { LocationDetailDto, LocationDto, LocationListDto } from './location.dto.js';

export class LocationViews {
  constructor(
    private readonly store: Store,
    private readonly states: LocationStates,
    private readonly clock: { now(): number },
  ) {}

  async list(): Promise<LocationListDto> {
    const states = await this.states.all();
    const items = await Promise.all(states.map(async (state) => locationDto(state, await this.counts(state.row.id))));
    return { items: items.sort((a, b) => (a.name < b.name ? -1 : 1)), next: null };
  }

  async get(call: Call, name: string): Promise<LocationDetailDto> {
    const state = found((await this.states.named([name])).get(name) ?? null, 'location');
    const inside = may(call.actor, 'location.inside', this.clock.now()).granted;
    return locationDetail(state, await this.counts(name), inside);
  }

  /** As the list shows it; null when there is none. */
  async one(name: string): Promise<LocationDto | null> {
    const state = (await this.states.named([name])).get(name);
    return state ? locationDto(state, await this.counts(name)) : null;
  }

  private async counts(location: string): Promise<LocationCounts> {
    const [spaces, orphans, head] = await Promise.all([
      this.store.count('space', { location }),
      this.store.count('orphan', { location }),
      this.store.head(`location:${location}`),
    ]);
    return { spaces, orphans, headRev: head.rev };
  }
}
