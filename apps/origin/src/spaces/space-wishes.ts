import { checkPlacement, decideWish, type SpaceSnapshot, type Wish, type WishDecision } from '@knot/domain';
import type { Clock } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type {
  Expectation,
  LocationFacts,
  NewRow,
  SpaceRow,
  Store,
  TemplateRow,
  UserRow,
  Write,
} from '@knot/shared/store';
import type { Deed } from '../deeds/deed.js';
import { assertConfirmed, assertMay, assertVersion, found } from '../deeds/check.js';
import { doerOf, type Deeds } from '../deeds/deeds.js';
import type { Call } from '../http/call.js';
import { placementOf, type LocationStates } from '../locations/location-states.js';
import { operationDto } from '../operations/operation-dto.js';
import type { OperationDto } from '../operations/operation.dto.js';
import type { OriginSettings } from '../origin-settings.js';
import type { Quotas } from '../users/quotas.js';
import { auditOf, drop } from './deletion.js';
import type { Freeze } from './freeze.js';
import type { KeyedTurns } from './keyed-turns.js';
import { assertPlatformAllowed, assertTemplateOpen } from './platform-allowed.js';
import type { UpdateCheck } from './update-check.js';
import { assertOpenNow, extendedUntil, wantNow } from './schedule-rules.js';
import { operationRow, wishWrites, type Wishing } from './wish-writes.js';

export interface SpaceWishesPorts {
  readonly store: Store;
  readonly deeds: Deeds;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly freeze: Freeze;
  readonly locations: LocationStates;
  readonly updates: UpdateCheck;
  readonly settings: OriginSettings;
  readonly quotas: Quotas;
  /** Starts of one owner go one after another within this process, so that few commits meet a conflict. */
  readonly turns: KeyedTurns;
}

interface Start {
  readonly snapshot: SpaceSnapshot;
  readonly change: Partial<NewRow<'space'>>;
  readonly expect: Expectation[];
  readonly writes: Write[];
}

/** Start, stop, restart, update, delete: each is one commit and waits for no leaf. */
export class SpaceWishes {
  constructor(private readonly ports: SpaceWishesPorts) {}

  async wish(call: Call, id: string, wish: Exclude<Wish, 'delete'>): Promise<OperationDto> {
    const { store, deeds, turns, quotas } = this.ports;
    const space = await this.allowed(call, id, wish);
    const owner = await store.get('user', space.ownerId);
    const run = () => deeds.do(doerOf(call), () => this.decide(call, id, wish));
    return wish === 'start' && owner && (await quotas.isLimited(owner)) ? turns.take(owner.id, run) : run();
  }

  /** `confirm` is the name: the volumes go too. */
  async delete(call: Call, id: string, confirm: string | undefined): Promise<OperationDto> {
    return this.ports.deeds.do(doerOf(call), () => this.decide(call, id, 'delete', confirm));
  }

  /** For a deletion of many that was confirmed as a whole; the key of such a request is not this deed's. */
  async deleteOneOfMany(call: Call, id: string): Promise<OperationDto> {
    const one = { ...call, idempotency: null, ifMatch: null };
    const { name } = await this.allowed(one, id, 'delete');
    return this.ports.deeds.do(doerOf(one), () => this.decide(one, id, 'delete', name));
  }

  /** Lets a space run on beyond its schedule. */
  async extend(call: Call, id: string, minutes: number): Promise<OperationDto> {
    const { store, deeds, clock, newId } = this.ports;
    return deeds.do(doerOf(call), async () => {
      const space = found(await store.get('space', id), 'space');
      const at = clock.now();
      assertMay(call, 'space.extend', at, space);
      assertVersion(call, space);
      const wishing: Wishing = { kind: 'space.extend', actorId: call.actor.id, id: newId(), at };
      const part = wishWrites(space, { extendedUntil: extendedUntil(space, minutes, at) }, wishing);
      // the wish is the same one: its window counts from when it was made
      const row = { ...part.row, wishedAt: space.wishedAt };
      return {
        expect: part.expect,
        writes: [
          { put: 'space', row },
          { put: 'operation', row: part.operation },
        ],
        log: part.log,
        audit: auditOf(space, wishing),
        answer: operationDto(part.operation, 'running', { desired: row, observed: null }),
      };
    });
  }

  private async allowed(call: Call, id: string, wish: Wish): Promise<SpaceRow> {
    const space = found(await this.ports.store.get('space', id), 'space');
    assertMay(call, `space.${wish}`, this.ports.clock.now(), space);
    return space;
  }

  private async decide(call: Call, id: string, wish: Wish, confirm?: string): Promise<Deed<OperationDto>> {
    const { clock, newId } = this.ports;
    const space = await this.allowed(call, id, wish);
    assertVersion(call, space);
    const wishing: Wishing = { kind: `space.${wish}`, actorId: call.actor.id, id: newId(), at: clock.now() };
    const everStarted = space.snapshotHash !== '';
    const updateAvailable = wish === 'update' && (await this.isOutdated(space));
    const decided = decideWish(wish, { want: wantNow(space, wishing.at), everStarted, updateAvailable });
    const moves = wish === 'restart' && decided.do === 'wish' && (await this.waitsForStop(space));
    const decision = moves ? { ...decided, freeze: true } : decided;
    if (wish === 'delete' && decision.do !== 'nothing') {
      assertConfirmed(confirm, space.name, `This deletes the space ${space.name} with its volumes.`);
    }
    switch (decision.do) {
      case 'refuse':
        throw new KnotError('state.refused', decision.message, decision.hint);
      case 'nothing':
        return this.nothing(space, wishing);
      case 'drop':
        return drop(space, wishing);
      case 'wish':
        return this.carryOut(space, wishing, decision);
    }
  }

  private async carryOut(
    space: SpaceRow,
    wishing: Wishing,
    decision: Extract<WishDecision, { do: 'wish' }>,
  ): Promise<Deed<OperationDto>> {
    const start = decision.freeze ? await this.start(space, await this.templateOf(space), wishing.at) : null;
    const change: Partial<NewRow<'space'>> = {
      want: decision.want,
      restarts: space.restarts + decision.restarts,
      ...(decision.want === 'deleted' ? { deletionRequestedAt: wishing.at } : {}),
      ...start?.change,
    };
    const part = wishWrites(space, change, wishing);
    return {
      expect: [...part.expect, ...(start?.expect ?? [])],
      writes: [...part.writes, ...(start?.writes ?? [])],
      log: part.log,
      audit: auditOf(space, wishing),
      answer: operationDto(part.operation, decision.want, { desired: part.row, observed: null }),
    };
  }

  /**
   * What a start of now would run from, with this version of the template as its present one; throws what the start would.
   * Nothing is written.
   */
  async rehearse(space: SpaceRow, template: TemplateRow): Promise<SpaceSnapshot> {
    const at = this.ports.clock.now();
    if (wantNow(space, at) === 'running') return (await this.start(space, template, at)).snapshot;
    const owner = found(await this.ports.store.get('user', space.ownerId), 'user');
    return (await this.frozen(space, owner, template, at)).snapshot;
  }

  /** The snapshot and the reserved place of a start; throws where it cannot be. */
  private async start(space: SpaceRow, template: TemplateRow, at: number): Promise<Start> {
    const { store, quotas } = this.ports;
    const owner = found(await store.get('user', space.ownerId), 'user');
    const { computeUnits, storageUnits, schedule, ports: templatePorts } = template;
    assertOpenNow(schedule, at);
    const { snapshot, row } = await this.frozen(space, owner, template, at);
    const change = {
      snapshotHash: snapshot.hash,
      templateVersion: snapshot.template.version,
      computeUnits,
      storageUnits,
      schedule,
      templatePorts,
      extendedUntil: 0,
    };
    const place = await quotas.reserve(owner, { ...space, ...change, want: 'running' });
    return {
      snapshot,
      change,
      // a user deactivated meanwhile gets no new running space
      expect: [{ kind: 'user', id: owner.id, version: owner.version }, ...place.expect],
      writes: [{ put: 'snapshot', row }, ...place.writes],
    };
  }

  private async templateOf({ templateId }: SpaceRow): Promise<TemplateRow> {
    return found(await this.ports.store.get('template', templateId), 'template');
  }

  private async frozen(space: SpaceRow, owner: UserRow, template: TemplateRow, at: number) {
    const { freeze, settings } = this.ports;
    if (!owner.active) {
      throw new KnotError('state.refused', `${owner.username} is deactivated.`, 'Activate the user first.');
    }
    assertPlatformAllowed(template.platform, owner, settings);
    assertTemplateOpen(template, owner, space.location);
    const facts = await this.factsOf(space, template.platform);
    return freeze.snapshot({ space, owner, template, facts, at });
  }

  private async factsOf(space: SpaceRow, platform: Parameters<typeof checkPlacement>[0]): Promise<LocationFacts> {
    const { locations, settings } = this.ports;
    const state = (await locations.named([space.location])).get(space.location);
    const own = checkPlacement(platform, space.location, state ? [placementOf(state)] : []);
    if (own.ok) return state?.status?.facts ?? settings.facts;
    const all = (await locations.all()).map(placementOf);
    const placement = checkPlacement(platform, space.location, all);
    const { message, hint } = placement.ok ? own : placement;
    throw new KnotError('location.unavailable', message, hint, { location: space.location, platform });
  }

  /** A restart is a stop too, and what a roll-out at the next stop waits for. */
  private async waitsForStop({ id, templateId }: SpaceRow): Promise<boolean> {
    const { store } = this.ports;
    const { rows } = await store.page('rollOut', { where: { templateId, state: 'going' }, limit: 1 });
    const [rollOut] = rows;
    if (rollOut?.moment !== 'next-stop') return false;
    return (await store.get('rollOutSpace', `${rollOut.id}/${id}`))?.state === 'waiting';
  }

  private async isOutdated(space: SpaceRow): Promise<boolean> {
    const template = await this.ports.store.get('template', space.templateId);
    if (!template) return false;
    return (await this.ports.updates.of([space], new Map([[template.id, template]]))).has(space.id);
  }

  /** It is so already: an operation of the present generation, and nothing for the leaf. */
  private async nothing(space: SpaceRow, wishing: Wishing): Promise<Deed<OperationDto>> {
    const operation = operationRow(space.id, space.generation, wishing);
    const observed = await this.ports.store.get('spaceObserved', space.id);
    return {
      expect: [{ kind: 'space', id: space.id, version: space.version }],
      writes: [{ put: 'operation', row: operation }],
      audit: auditOf(space, wishing),
      answer: operationDto(operation, space.want, { desired: space, observed: observed?.observed ?? null }),
    };
  }
}
