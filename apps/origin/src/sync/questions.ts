import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import type { Clock } from '@knot/shared';

export const ANSWER_MS = 5_000;

interface Follower {
  readonly questions: sync.Question[];
  readonly answersPlans: boolean;
}

interface Asked {
  readonly location: string;
  readonly answered: (answer: sync.Answer) => void;
}

/** Questions to the leaves whose streams hang on this origin. Nothing is stored: who asks waits, or goes without. */
export class Questions {
  /** By location, what the newest stream of a leaf that answers has not sent yet. */
  private readonly unsent = new Map<string, Follower>();
  private readonly open = new Map<string, Asked>();

  constructor(
    private readonly clock: Clock,
    private readonly newId: () => string,
    private readonly wake: (location: string) => void,
  ) {}

  /** Whether a leaf of the location can be asked here. */
  reaches(location: string): boolean {
    return this.unsent.has(location);
  }

  /** Whether it can also be asked what a start would change: not a leaf of before that. */
  reachesForPlans(location: string): boolean {
    return this.unsent.get(location)?.answersPlans ?? false;
  }

  /** Null where nobody has answered within 5 s. */
  async ask(
    location: string,
    about: Omit<MessageInitShape<typeof sync.QuestionSchema>, 'id' | '$typeName'>,
  ): Promise<sync.Answer | null> {
    const id = this.newId();
    const { promise, resolve } = Promise.withResolvers<sync.Answer | null>();
    const timer = this.clock.setTimeout(() => resolve(null), ANSWER_MS);
    this.open.set(id, { location, answered: resolve });
    this.unsent.get(location)?.questions.push(create(sync.QuestionSchema, { ...about, id }));
    this.wake(location);
    try {
      return await promise;
    } finally {
      this.clock.clearTimeout(timer);
      this.open.delete(id);
    }
  }

  /** For the stream of a leaf that answers: `next` is what to ask it now, if anything. */
  follow(location: string, answersPlans = false): { next(): sync.Question | undefined; close(): void } {
    const own: sync.Question[] = [];
    const follower: Follower = { questions: own, answersPlans };
    this.unsent.set(location, follower);
    const close = () => {
      if (this.unsent.get(location) === follower) this.unsent.delete(location);
    };
    const next = () => {
      while (own[0] && !this.open.has(own[0].id)) own.shift();
      return own.shift();
    };
    return { next, close };
  }

  /** What came with a report; counts only for a question to the same location. */
  take(location: string, answers: readonly sync.Answer[]): void {
    for (const answer of answers) {
      const asked = this.open.get(answer.questionId);
      if (asked?.location === location) asked.answered(answer);
    }
  }
}
