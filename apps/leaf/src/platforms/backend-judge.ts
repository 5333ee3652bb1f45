import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import { PLATFORMS } from '@knot/domain';
import type { WorkloadSpec } from '@knot/drivers';
import type { Clock } from '@knot/shared';
import { KnotError, toKnotError } from '@knot/shared/errors';
import type { StartPlan } from '../spaces/start-plan.js';
import { oneOf, snapshotOf } from '../wire/desired-space.js';
import { within } from '../within.js';
import { backendLabel, type Platforms } from './platforms.js';

/** The origin waits 5 s. */
const JUDGE_MS = 4_000;

/** Asks the backend of this location what it says of texts that nothing runs from yet. */
export class BackendJudge {
  constructor(
    private readonly platforms: Platforms,
    private readonly plans: StartPlan,
    private readonly clock: Clock,
  ) {}

  /** Never throws: that a backend could not be asked is an answer too. */
  async answer(question: sync.Question, signal: AbortSignal): Promise<sync.Answer> {
    const { snapshot } = question;
    const asked = snapshot ? this.plan(question, snapshot, signal) : this.judge(question, signal);
    const said = await asked.catch((error: unknown) => ({ warnings: [warningOf(toKnotError(error))] }));
    return create(sync.AnswerSchema, { questionId: question.id, ...said });
  }

  private async plan({ spaceId }: sync.Question, wire: sync.Snapshot, signal: AbortSignal) {
    const { plan, warnings } = await within(this.clock, JUDGE_MS, signal, (limited) =>
      this.plans.of(spaceId, snapshotOf(wire), limited),
    );
    return { plan, warnings: warnings.map((message) => ({ message })) };
  }

  private async judge(question: sync.Question, signal: AbortSignal): Promise<{ warnings: WireWarning[] }> {
    const platform = oneOf(PLATFORMS, question.platform, 'the platform of a question');
    const driver = this.platforms.driver(platform);
    if (!driver) throw new KnotError('backend.unavailable', `The leaf is not set up for ${backendLabel(platform)}.`);
    const spec = this.specOf(question);
    const { warnings } = await within(this.clock, JUDGE_MS, signal, (limited) => driver.validate(spec, limited));
    return { warnings: warnings.map((message) => ({ message })) };
  }

  private specOf({ spaceId: space, job, volumes, exceptions }: sync.Question): WorkloadSpec {
    return {
      mark: { ...this.platforms.scope, space },
      display: { space: 'example', owner: 'example' },
      ...{ job, volumes, hash: '', policy: this.platforms.policyWith(exceptions) },
    };
  }
}

type WireWarning = MessageInitShape<typeof sync.TextWarningSchema>;

function warningOf({ code, message, hint, details }: KnotError): WireWarning {
  const at = (name: string) => (typeof details[name] === 'number' ? details[name] : 0);
  const isOfTexts = code.startsWith('template.') || code === 'backend.invalid';
  return {
    message: isOfTexts ? message : `The backend could not check the texts: ${message}`,
    ...{ hint, line: at('line'), column: at('column') },
  };
}
