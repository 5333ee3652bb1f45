import type { OperationDto } from '../../../apps/origin/src/operations/operation.dto.js';
import { isKnotError, KnotError } from '@knot/shared/errors';
import type { Wish } from '../plan-items.js';
import type { History } from './history.js';
import { callOf, COLOUR, templateId } from './people.js';
import type { SimClock } from './sim-clock.js';
import { LOCATION } from './sim-leaf.js';
import type { SimOrigin } from './sim-origin.js';
import { TEMPLATES, TEXTS } from './templates.js';

/** Errors after which a client may send the same request again, with the same key. */
const AGAIN = ['server.unavailable', 'store.unavailable', 'store.conflict'] as const;

/** What a person was told was done. */
export interface Acknowledged {
  readonly key: string;
  readonly at: number;
  readonly space: string;
  readonly operation: string | null;
  readonly generation: number;
}

type SpaceWish = Extract<Wish, { readonly space: number }>;

/** People: each wish is sent until it is answered, for good or with a refusal, and no answer counts but the origin's. */
export class Users {
  readonly acknowledged: Acknowledged[] = [];
  /** Ids in the order of their making. */
  readonly spaces: string[] = [];
  private wishes = 0;
  private open = 0;

  constructor(
    private readonly clock: SimClock,
    private readonly origin: () => SimOrigin | null,
    private readonly history: History,
  ) {}

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
        this.history.note('person', `${key} ${wish.do} ${target}: ${told}`);
        return;
      } catch (error) {
        const { code } = isKnotError(error) ? error : new KnotError('internal', String(error));
        if (code === 'internal') this.history.break('origin', `${wish.do} ended with ${String(error)}`);
        if (!AGAIN.some((again) => again === code)) {
          this.history.note('person', `${key} ${wish.do} ${target}: refused, ${code}`);
          return;
        }
        await this.clock.sleep(1_000);
      }
    }
  }

  private target(wish: Wish): string | null {
    if ('space' in wish) return this.spaces[wish.space % Math.max(1, this.spaces.length)] ?? null;
    return 'template' in wish ? templateId(wish.template) : '';
  }

  private async ask(wish: Wish, target: string, key: string): Promise<string> {
    const origin = this.origin();
    await this.clock.sleep(2);
    if (!origin?.serves) throw unreachable();
    // A connection that breaks with the process: whether the deed was done is not known.
    const lost = origin.process.died.then(() => Promise.reject(unreachable()));
    return Promise.race([this.deed(origin, wish, target, key), lost]);
  }

  private async deed(origin: SimOrigin, wish: Wish, target: string, key: string): Promise<string> {
    const { spaceEdits, templates, variables, orphans } = origin.useCases;
    const call = callOf(key, origin.process.clock.now());
    switch (wish.do) {
      case 'create': {
        const body = { name: key, templateId: target, location: LOCATION };
        const { id } = await spaceEdits.create(call, body);
        this.spaces.push(id);
        this.acknowledge(key, id, null, 1);
        return id;
      }
      case 'edit-template': {
        const text = TEXTS[wish.text % TEXTS.length] ?? { job: '', volumes: '' };
        const name = TEMPLATES[wish.template % TEMPLATES.length]?.name ?? '';
        const { present } = await templates.put(call, target, { name, ...text });
        return `version ${present}`;
      }
      case 'edit-variable':
        await variables.put(call, COLOUR, { value: `colour-${wish.value}` });
        return 'done';
      case 'adopt':
      case 'remove-orphan': {
        const { items } = await orphans.list(LOCATION);
        const orphan = items[wish.orphan % Math.max(1, items.length)];
        if (!orphan) return 'there is none';
        const { spaceId, name } = orphan;
        if (wish.do === 'adopt') await orphans.adopt(call, LOCATION, spaceId, { name: key });
        else await orphans.remove(call, LOCATION, spaceId, name === '' ? spaceId : name);
        if (!this.spaces.includes(spaceId)) this.spaces.push(spaceId);
        return spaceId;
      }
      default:
        return this.spaceWish(origin, wish, target, key);
    }
  }

  private async spaceWish(origin: SimOrigin, wish: SpaceWish, id: string, key: string): Promise<string> {
    const { spaceWishes } = origin.useCases;
    const call = callOf(key, origin.process.clock.now());
    const operation: OperationDto =
      wish.do === 'delete'
        ? await spaceWishes.delete(call, id, (await origin.store.get('space', id))?.name)
        : await spaceWishes.wish(call, id, wish.do);
    this.acknowledge(key, id, operation.id, operation.generation);
    return `generation ${operation.generation}`;
  }

  private acknowledge(key: string, space: string, operation: string | null, generation: number): void {
    this.acknowledged.push({ key, at: this.clock.monotonic(), space, operation, generation });
  }
}

function unreachable(): KnotError {
  return new KnotError('server.unavailable', 'The origin does not answer.', 'It is sent again.');
}
