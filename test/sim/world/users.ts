import type { OperationDto } from '../../../apps/origin/src/operations/operation.dto.js';
import { isKnotError, KnotError } from '@knot/shared/errors';
import type { Wish } from '../plan-items.js';
import type { History } from './history.js';
import type { Chance } from './chance.js';
import { callOf, COLOUR, templateId } from './people.js';
import type { SimClock } from './sim-clock.js';
import type { ServingOrigin, SimOrigin } from './sim-origin.js';
import { PLATFORMS_OF_SITES, TEMPLATES, TEXTS } from './templates.js';

/** Errors after which a client may send the same request again, with the same key. */
const AGAIN = ['server.unavailable', 'store.unavailable', 'store.conflict'] as const;

/** After so long without an answer it is sent again, perhaps to another origin, ms. */
const PATIENCE_MS = 20_000;

/** What a person was told was done. */
export interface Acknowledged {
  readonly key: string;
  readonly at: number;
  readonly wish: Wish['do'];
  readonly kind: 'space' | 'volume';
  readonly id: string;
  readonly operation: string | null;
  readonly generation: number;
}

type SpaceWish = Extract<Wish, { readonly space: number }>;
type VolumeWish = Extract<Wish, { readonly volume: number }>;

/** What a volume is to be after each; to define it anew says nothing of that. */
const WANTED = { 'keep-volume': 'present', 'drop-volume': 'absent', 'define-volume': '' } as const;

export interface UsersParts {
  readonly clock: SimClock;
  readonly serving: () => readonly ServingOrigin[];
  readonly locations: readonly string[];
  readonly history: History;
  /** Which origin each of their requests comes to. */
  readonly chance: Chance;
  /** An administrator has a new token of a location. */
  readonly onToken: (location: string, token: string) => void;
}

/** People: each wish is sent until it is answered, for good or with a refusal, and no answer counts but the origin's. */
export class Users {
  readonly acknowledged: Acknowledged[] = [];
  /** Ids in the order of their making. */
  readonly spaces: string[] = [];
  private readonly volumes: string[] = [];
  private wishes = 0;
  private open = 0;

  constructor(private readonly parts: UsersParts) {}

  /** Whether everybody has an answer. */
  get content(): boolean {
    return this.open === 0;
  }

  wish(wish: Wish): void {
    const key = `wish-${++this.wishes}`;
    this.open++;
    void this.send(wish, key).finally(() => this.open--);
  }

  /** An older backup was put back: what came after it was lost, and everybody knows. */
  forgetSince(at: number): void {
    const kept = this.acknowledged.filter((done) => done.at <= at);
    this.acknowledged.splice(0, this.acknowledged.length, ...kept);
  }

  private async send(wish: Wish, key: string): Promise<void> {
    const target = this.target(wish);
    if (target === null) return;
    for (;;) {
      try {
        const told = await this.ask(wish, target, key);
        this.parts.history.note('person', `${key} ${wish.do} ${target}: ${told}`);
        return;
      } catch (error) {
        const { code } = isKnotError(error) ? error : new KnotError('internal', String(error));
        if (code === 'internal') this.parts.history.break('origin', `${wish.do} ended with ${String(error)}`);
        if (!AGAIN.some((again) => again === code)) {
          this.parts.history.note('person', `${key} ${wish.do} ${target}: refused, ${code}`);
          return;
        }
        await this.parts.clock.sleep(1_000);
      }
    }
  }

  private target(wish: Wish): string | null {
    if ('space' in wish) return at(this.spaces, wish.space);
    if ('volume' in wish) return at(this.volumes, wish.volume);
    if ('template' in wish) return templateId(wish.template);
    return 'location' in wish ? this.locationOf(wish) : '';
  }

  private locationOf({ location }: { readonly location: number }): string {
    return at(this.parts.locations, location) ?? '';
  }

  private async ask(wish: Wish, target: string, key: string): Promise<string> {
    const { serving, chance, clock } = this.parts;
    const open = serving();
    const origin = open.length > 1 ? chance.pick(open).origin : open[0]?.origin;
    await clock.sleep(2);
    if (!origin?.serves) throw unreachable();
    // A connection that breaks with the process, or says nothing for too long: whether the deed was done is not known.
    const lost = origin.process.died.then(() => Promise.reject(unreachable()));
    const late = clock.sleep(PATIENCE_MS).then(() => Promise.reject(unreachable()));
    late.catch(() => undefined);
    const told = new Promise<string>((resolve, reject) => {
      origin.process.deliver(() => void this.deed(origin, wish, target, key).then(resolve, reject));
    });
    return Promise.race([told, lost, late]);
  }

  private async deed(origin: SimOrigin, wish: Wish, target: string, key: string): Promise<string> {
    const { spaceEdits, templates, variables, volumes, locationDeeds } = origin.useCases;
    const call = callOf(key, origin.process.clock.now());
    switch (wish.do) {
      case 'create': {
        const { id } = await spaceEdits.create(call, {
          ...{ name: key, templateId: target, location: this.locationOf(wish) },
        });
        this.made(this.spaces, id);
        this.acknowledge(wish, key, 'space', { id, operation: null, generation: 1 });
        return id;
      }
      case 'create-volume': {
        const platform = PLATFORMS_OF_SITES[wish.site % PLATFORMS_OF_SITES.length] ?? 'local';
        const { id } = await volumes.create(call, { name: key, platform, location: target, definition: 'store' });
        this.made(this.volumes, id);
        this.acknowledge(wish, key, 'volume', { id, operation: null, generation: 1 });
        return id;
      }
      case 'keep-volume':
      case 'drop-volume':
      case 'define-volume':
      case 'delete-volume':
        return this.volumeWish(origin, wish, target, key);
      case 'edit-template': {
        const text = TEXTS[wish.text % TEXTS.length] ?? { job: '', volumes: '' };
        const name = TEMPLATES[wish.template % TEMPLATES.length]?.name ?? '';
        const { present } = await templates.put(call, target, { name, ...text });
        return `version ${present}`;
      }
      case 'edit-variable':
        await variables.put(call, COLOUR, { value: `colour-${wish.value}` });
        return 'done';
      case 'new-token': {
        const { token } = await locationDeeds.makeToken(call, target);
        if (token !== '') this.parts.onToken(target, token);
        return token === '' ? 'the answer was lost' : 'done';
      }
      case 'revoke':
      case 'approve': {
        const instances = (await origin.store.get('location', target))?.instances ?? [];
        const fit = instances.filter(({ state }) => (state === 'let-in') === (wish.do === 'revoke'));
        const instance = at(fit, wish.instance);
        if (!instance) return 'there is none';
        await locationDeeds[wish.do](call, target, instance.id);
        return instance.id;
      }
      case 'adopt':
      case 'remove-orphan':
        return this.orphanWish(origin, wish, target, key);
      default:
        return this.spaceWish(origin, wish, target, key);
    }
  }

  private async orphanWish(
    { useCases: { orphans }, process }: SimOrigin,
    wish: Extract<Wish, { readonly orphan: number }>,
    location: string,
    key: string,
  ): Promise<string> {
    const call = callOf(key, process.clock.now());
    const orphan = at((await orphans.list(location)).items, wish.orphan);
    if (!orphan) return 'there is none';
    const { spaceId, name } = orphan;
    if (wish.do === 'adopt') await orphans.adopt(call, location, spaceId, { name: key });
    else await orphans.remove(call, location, spaceId, name === '' ? spaceId : name);
    this.made(this.spaces, spaceId);
    return spaceId;
  }

  private async volumeWish({ useCases, store, process }: SimOrigin, wish: VolumeWish, id: string, key: string) {
    const { volumes } = useCases;
    const call = callOf(key, process.clock.now());
    const confirm = (await store.get('volume', id))?.name;
    if (wish.do === 'delete-volume') {
      const { id: operation, generation } = await volumes.delete(call, id, confirm);
      this.acknowledge(wish, key, 'volume', { id, operation, generation });
      return `generation ${generation}`;
    }
    const change = {
      'keep-volume': { want: 'present' as const },
      'drop-volume': { want: 'absent' as const, confirm },
      'define-volume': { definition: `store-${wish.volume}-${this.wishes % 3}` },
    }[wish.do];
    const { generation, want } = await volumes.change(call, id, change);
    // What it answers is read after the deed: another wish may have come between.
    if (want === WANTED[wish.do]) {
      this.acknowledge(wish, key, 'volume', { id, operation: null, generation });
    }
    return `generation ${generation}`;
  }

  private async spaceWish(origin: SimOrigin, wish: SpaceWish, id: string, key: string): Promise<string> {
    const { spaceWishes } = origin.useCases;
    const call = callOf(key, origin.process.clock.now());
    const operation: OperationDto =
      wish.do === 'delete'
        ? await spaceWishes.delete(call, id, (await origin.store.get('space', id))?.name)
        : await spaceWishes.wish(call, id, wish.do);
    this.acknowledge(wish, key, 'space', { id, operation: operation.id, generation: operation.generation });
    return `generation ${operation.generation}`;
  }

  private made(ids: string[], id: string): void {
    if (!ids.includes(id)) ids.push(id);
  }

  private acknowledge(
    wish: Wish,
    key: string,
    kind: Acknowledged['kind'],
    what: Pick<Acknowledged, 'id' | 'operation' | 'generation'>,
  ): void {
    this.acknowledged.push({ key, at: this.parts.clock.monotonic(), wish: wish.do, kind, ...what });
  }
}

function at<T>(items: readonly T[], number: number): T | null {
  return items[number % Math.max(1, items.length)] ?? null;
}

function unreachable(): KnotError {
  return new KnotError('server.unavailable', 'The origin does not answer.', 'It is sent again.');
}
