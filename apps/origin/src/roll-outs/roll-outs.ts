import type { Clock } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { NewRow, RollOutRow, SpaceRow, Store, TemplateRow } from '@knot/shared/store';
import { assertMay, assertVersion, found } from '../deeds/check.js';
import type { Deed } from '../deeds/deed.js';
import { doerOf, type Deeds } from '../deeds/deeds.js';
import { claim } from '../deeds/unique-name.js';
import type { Call } from '../http/call.js';
import type { RollOutChoice } from '../templates/roll-out-choice.js';
import type { SpacesBehind } from '../templates/spaces-behind.js';
import type { Templates } from '../templates/templates.js';
import type {
  RollOutBeginDto,
  RollOutFirstDto,
  RollOutProgressDto,
  RollOutResumeDto,
} from './roll-out-progress.dto.js';
import type { RollOutViews } from './roll-out-views.js';
import { changed, rollOutLog, rollOutName } from './roll-out-writes.js';

/** Spaces of one roll-out: its rows are made in one commit. */
const MOST = 5_000;
const MINUTE_MS = 60_000;
const PAGE = 500;

export interface RollOutsPorts {
  readonly store: Store;
  readonly deeds: Deeds;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly behind: SpacesBehind;
  readonly choice: Pick<RollOutChoice, 'chosen'>;
  readonly templates: Pick<Templates, 'rollBack'>;
  readonly views: RollOutViews;
}

/** What people say of roll-outs; `RollOutRunner` carries them out. */
export class RollOuts {
  constructor(private readonly ports: RollOutsPorts) {}

  /** Throws `state.refused` where there is nothing to do, and `resource.exists` while the template has another one. */
  async begin(call: Call, body: RollOutBeginDto): Promise<RollOutProgressDto> {
    const { store, deeds, choice } = this.ports;
    const template = found(await store.get('template', body.templateId), 'template');
    const spaces = await choice.chosen(template, body);
    const order = stagesOf(spaces, body.first);
    return this.described(await deeds.do(doerOf(call), async () => this.beginning(call, template, order, body)));
  }

  async hold(call: Call, id: string): Promise<RollOutProgressDto> {
    return this.change(call, id, 'hold', (row) => {
      if (row.state === 'held') throw refused('It is held already.', 'Resume or end it.');
      return { state: 'held', reason: `${call.actor.username} has held it.` };
    });
  }

  /** Failures so far count no more; `again` tries them once more. */
  async resume(call: Call, id: string, { again = false }: RollOutResumeDto): Promise<RollOutProgressDto> {
    const { store } = this.ports;
    const failed = await Promise.all((['failed', 'refused'] as const).map((state) => this.spacesIn(id, state))).then(
      (lists) => lists.flat(),
    );
    const row = found(await store.get('rollOut', id), 'roll-out');
    const ofStage = failed.filter(({ stage }) => stage === row.stage).length;
    const forgiven = again ? 0 : ofStage;
    const now = this.ports.clock.now();
    const retried = again ? failed.filter(({ stage }) => stage === row.stage) : [];
    return this.change(
      call,
      id,
      'resume',
      ({ state }) => {
        if (state === 'going') throw refused('It is going on already.', 'There is nothing to do.');
        return { state: 'going', reason: '', forgiven };
      },
      retried.map(({ version: _version, ...space }) => ({
        put: 'rollOutSpace' as const,
        row: { ...space, state: 'waiting' as const, message: '', hint: '', operationId: '', since: now },
      })),
    );
  }

  /** For good. What has the version keeps it. */
  async end(call: Call, id: string): Promise<RollOutProgressDto> {
    return this.change(call, id, 'end', () => ({ state: 'ended', reason: `${call.actor.username} has ended it.` }));
  }

  /**
   * Ends it, saves the version that its spaces had before as the present one, and brings that to those spaces that took
   * the new one. Answers the roll-out that does so.
   */
  async back(call: Call, id: string): Promise<RollOutProgressDto> {
    const { store, templates } = this.ports;
    assertMay(call, 'template.change', this.ports.clock.now());
    const one = { ...call, idempotency: null, ifMatch: null };
    const row = found(await store.get('rollOut', id), 'roll-out');
    const taken = (
      await Promise.all((['updating', 'done', 'failed'] as const).map((state) => this.spacesIn(id, state)))
    )
      .flat()
      .map(({ spaceId }) => spaceId);
    if (taken.length === 0) {
      throw refused(`No space has taken version ${row.number} by it.`, 'End it; there is nothing to take back.');
    }
    if (row.state === 'going' || row.state === 'held') await this.end(one, id);
    const template = found(await store.get('template', row.templateId), 'template');
    const note = `back from version ${row.number}`;
    const saved =
      template.present === row.number
        ? await templates.rollBack(one, template.id, { number: row.before, note })
        : template;
    const { atOnce, failureLimit, moment } = row;
    const number = saved.present;
    const spaces = await store.getMany('space', taken);
    const order = [spaces.filter((space) => space.templateVersion !== number)];
    const next = found(await store.get('template', template.id), 'template');
    const body = { templateId: template.id, to: 'spaces' as const, number, sure: true, atOnce, failureLimit, moment };
    return this.described(await this.ports.deeds.do(doerOf(one), () => this.beginning(one, next, order, body)));
  }

  private async beginning(
    call: Call,
    template: TemplateRow,
    order: readonly (readonly SpaceRow[])[],
    body: RollOutBeginDto,
  ): Promise<Deed<NewRow<'rollOut'>>> {
    const { newId, clock, store, behind } = this.ports;
    const spaces = order.flat();
    assertSeen(template, body.number);
    await this.assertSize(template, spaces.length, body.sure === true);
    const row = rollOutRow(call, template, order, body, { id: newId(), now: clock.now() });
    const described = await behind.described(spaces);
    const owners = new Map(described.map((space) => [space.id, space.owner.username]));
    const steps = order.flatMap((stage, index) =>
      stage.map((space) => spaceRow(row, space, owners.get(space.id) ?? '', index)),
    );
    const { id } = row;
    const known = found(await store.get('template', template.id), 'template');
    assertSeen(known, body.number);
    return {
      expect: [
        { kind: 'rollOut', id, version: 0 },
        { kind: 'template', id: known.id, version: known.version },
      ],
      unique: [claim(rollOutName(row), id)],
      writes: [{ put: 'rollOut', row }, ...steps.map((step) => ({ put: 'rollOutSpace' as const, row: step }))],
      log: rollOutLog(id),
      audit: {
        ...{ action: 'roll-out.begin', subjectKind: 'template', subjectId: template.id },
        details: { rollOut: id, number: row.number, spaces: steps.length, stages: row.stages, moment: row.moment },
      },
      answer: row,
      taken: `A roll-out of ${template.name} is under way.`,
    };
  }

  private async assertSize({ id, name, present }: TemplateRow, spaces: number, sure: boolean): Promise<void> {
    if (spaces === 0)
      throw refused(`No running space is behind version ${present} of ${name}.`, 'There is nothing to do.');
    if (spaces > MOST) {
      throw new KnotError('input.invalid', `One roll-out takes at most ${MOST} spaces.`, 'Take location by location.');
    }
    const all = await this.ports.store.count('space', { templateId: id });
    const most = Math.max(10, Math.floor(all / 5));
    if (spaces <= most || sure) return;
    const message = `This updates ${spaces} of the ${all} spaces of ${name}.`;
    throw new KnotError('confirm.required', message, 'Send sure: true to update them.', { most });
  }

  private async change(
    call: Call,
    id: string,
    deed: string,
    decide: (row: RollOutRow) => Partial<NewRow<'rollOut'>>,
    writes: Deed<unknown>['writes'] = [],
  ): Promise<RollOutProgressDto> {
    const { store, deeds, clock } = this.ports;
    const row = await deeds.do(doerOf(call), async () => {
      const known = found(await store.get('rollOut', id), 'roll-out');
      assertVersion(call, known);
      if (known.state === 'done' || known.state === 'ended') throw refused('It is over.', 'Begin another one.');
      const part = changed(known, decide(known), clock.now());
      return {
        ...part,
        writes: [...part.writes, ...writes],
        audit: {
          ...{ action: `roll-out.${deed}`, subjectKind: 'template', subjectId: known.templateId },
          details: { rollOut: id, number: known.number },
        },
        answer: part.row,
      };
    });
    return this.described(row);
  }

  private async described(row: NewRow<'rollOut'>): Promise<RollOutProgressDto> {
    const known = await this.ports.store.get('rollOut', row.id);
    return this.ports.views.described(known ?? { ...row, version: 1 });
  }

  private async spacesIn(rollOutId: string, state: string) {
    const rows = [];
    for (let after: string | undefined; ;) {
      const page = await this.ports.store.page('rollOutSpace', { where: { rollOutId, state }, limit: PAGE, after });
      rows.push(...page.rows);
      if (page.next === null) return rows;
      after = page.next;
    }
  }
}

/** The first stage and the rest; one stage where nothing is said of a first one, or it would be all or none. */
function stagesOf(spaces: readonly SpaceRow[], first: RollOutFirstDto | undefined): readonly (readonly SpaceRow[])[] {
  if (!first) return [spaces];
  const given = [first.location, first.percent, first.count].filter((one) => one !== undefined);
  if (given.length !== 1) {
    throw new KnotError('input.invalid', 'Which spaces go first is said by one of location, percent and count.');
  }
  const { location, percent, count } = first;
  const size = count ?? Math.max(1, Math.floor((spaces.length * (percent ?? 0)) / 100));
  const isFirst = (space: SpaceRow, index: number) =>
    location === undefined ? index < size : space.location === location;
  const stages = [spaces.filter(isFirst), spaces.filter((space, index) => !isFirst(space, index))];
  return stages.filter((stage) => stage.length > 0);
}

function rollOutRow(
  { actor, address }: Call,
  template: TemplateRow,
  order: readonly (readonly SpaceRow[])[],
  { moment = 'now', atOnce = 10, failureLimit = 10, patienceMinutes = 10 }: RollOutBeginDto,
  { id, now }: { readonly id: string; readonly now: number },
): NewRow<'rollOut'> {
  return {
    ...{ id, templateId: template.id, number: template.present, before: mostCommon(order.flat()) },
    ...{ state: 'going', reason: '', moment, actorId: actor.id, actor: actor.username, address },
    ...{ stages: order.map((stage) => stage.length), stage: 0, atOnce, failureLimit, forgiven: 0 },
    ...{ patienceMs: patienceMinutes * MINUTE_MS, createdAt: now, updatedAt: now },
  };
}

function spaceRow(of: NewRow<'rollOut'>, space: SpaceRow, owner: string, stage: number): NewRow<'rollOutSpace'> {
  const { id, name, location, templateVersion } = space;
  return {
    ...{ id: `${of.id}/${id}`, rollOutId: of.id, spaceId: id, name, owner, location, before: templateVersion, stage },
    ...{ state: 'waiting', message: '', hint: '', operationId: '', since: of.createdAt },
  };
}

function mostCommon(spaces: readonly SpaceRow[]): number {
  const counts = new Map<number, number>();
  for (const { templateVersion } of spaces) counts.set(templateVersion, (counts.get(templateVersion) ?? 0) + 1);
  return [...counts].toSorted(([a, n], [b, m]) => m - n || b - a)[0]?.[0] ?? 0;
}

function assertSeen({ name, present }: TemplateRow, seen: number): void {
  if (seen === present) return;
  const message = `You have seen version ${seen} of ${name}; by now its present one is ${present}.`;
  throw new KnotError('resource.version', message, 'Look at what differs and repeat it.', { present });
}

function refused(message: string, hint: string): KnotError {
  return new KnotError('state.refused', message, hint);
}
