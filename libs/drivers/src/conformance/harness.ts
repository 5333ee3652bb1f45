import type { Mark, Scope, VolumeRef } from '@knot/domain';
import type { Driver, Policy } from '../driver.js';

/** What a driver's tests bring along, so that every driver passes one suite. */
export interface DriverHarness {
  /** A new driver over the one backend of this harness, as after a restart of the leaf. */
  open(scope: Scope): Driver;
  /** The policy that the texts below are checked against. */
  readonly policy: Policy;
  readonly jobs: {
    /** Runs for ever and becomes healthy. `{{space}}` in any text stands for the space's uuid. */
    readonly running: string;
    /** Runs too, and is another thing than `running`. */
    readonly changed: string;
    /** Becomes placed, then ends with this code, and the backend does not put it back. */
    exits(code: number): string;
    /** Placed or not, never healthy. */
    readonly neverHealthy: string;
    readonly invalid: string;
    readonly policyViolating: {
      readonly job: string;
      /** What the refusal must name. */
      readonly names: string;
    };
  };
  /** A workload with volumes. */
  readonly volumes: {
    /** Definitions of the volumes. */
    readonly text: string;
    /** A job that runs and mounts them. */
    readonly job: string;
    /** Their names in the template. */
    readonly names: readonly string[];
  };
  readonly world: DriverWorld;
  /** How long the lock is held in the lock tests, ms; the shortest the backend allows (1,000 when left out). */
  readonly lockTtlMs?: number;
  /** Within this a thing must happen, ms of waiting; 10,000 when left out. */
  readonly withinMs?: number;
  /** Lets time pass; real time when left out. */
  passTime?(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** What somebody else does to the backend, behind the driver's back. */
export interface DriverWorld {
  /** What runs for this space dies. */
  kill(mark: Mark): Promise<void>;
  /** The workload is changed in the backend, so that it is not what was applied any more. */
  editBehindBack(mark: Mark): Promise<void>;
  /** An object that knot did not make stands under this space's backend name. */
  makeForeign(mark: Mark): Promise<void>;
  /** Whether that object still stands as it was made. */
  foreignStands(mark: Mark): Promise<boolean>;
  /** How many instances run for this space, counted without the driver. */
  countRunning(mark: Mark): Promise<number>;
  /** Reads and writes data in a volume without the driver. */
  readonly data: {
    write(ref: VolumeRef, text: string): Promise<void>;
    /** Null when the volume is gone. */
    read(ref: VolumeRef): Promise<string | null>;
  };
  /** Cuts the connection of every watch once; left out with the limit `connection: false` only. */
  cutWatches?(): Promise<void>;
}
