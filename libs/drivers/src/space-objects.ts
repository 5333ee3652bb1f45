/** A space as it is shown to the people of its backend. */
export interface ShownSpace {
  readonly id: string;
  readonly generation: number;
  /** Whether it is to run. */
  readonly running: boolean;
  readonly name: string;
  readonly owner: string;
  readonly template: string;
  readonly phase: string;
  /** Of the condition that says why it is as it is, CamelCase; '' for none. */
  readonly reason: string;
  readonly message: string;
  /** ms since the epoch; 0 where nobody knows. */
  readonly createdAt: number;
  /** What became of what was last asked for here; '' for nothing. */
  readonly answer: string;
  /** What the object says of whether it is to run: the same, or what somebody asks for and has no answer yet. */
  readonly asked: boolean;
}

/** The object that shows a space, as it stands at the backend. */
export interface SpaceObject {
  /** Another with each change, whoever made it. */
  readonly revision: string;
  /** Whether the space is to run, by what stands there: written by us, or by whoever asks for it. */
  readonly running: boolean;
  /** The program that wrote that. */
  readonly by: string;
  /** What we last showed; null where we have not shown anything yet. */
  readonly shown: Pick<ShownSpace, 'running' | 'generation' | 'answer'> | null;
}

/**
 * Where a backend shows spaces as objects of its own, to whoever may see them there. Every method ends by its signal and
 * throws KnotError only. What is not ours under a name of ours is left alone (`backend.foreign`).
 */
export interface SpaceObjects {
  /** Whether `read` is up to date, but for a moment. */
  readonly following: boolean;
  /** As `Driver.watch`. */
  watch(hint: (space: string | null) => void, signal: AbortSignal): Promise<void>;
  /** Of all spaces that have one. */
  ids(): readonly string[];
  read(space: string): SpaceObject | null;
  /** Makes the object so; throws `backend.conflict` when it is another by now than `read` tells. */
  show(space: ShownSpace, signal: AbortSignal): Promise<void>;
  remove(space: string, signal: AbortSignal): Promise<void>;
}
