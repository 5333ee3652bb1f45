import type { Platform, TemplatePort } from '@knot/domain';
import type { PortSpec } from './ports-field.js';
import type { ALWAYS, ScheduleSpec } from './schedule-field.js';

/** In the order in which they are applied: what others stand on comes first. */
export const KINDS = ['Role', 'Group', 'User', 'Variable', 'Template', 'Volume', 'Space'] as const;

export type Kind = (typeof KINDS)[number];

/** Quotas, each 0 = none of a group's, unlimited for a user's own. */
interface Limits {
  readonly maxSpaces?: number;
  readonly maxRunning?: number;
  readonly computeUnits?: number;
  readonly storageUnits?: number;
}

export interface Specs {
  readonly Role: {
    readonly permissions: readonly string[];
    readonly description?: string;
  };
  readonly Group: Limits & {
    readonly description?: string;
  };
  readonly User: Limits & {
    readonly email: string;
    /** Names; `administrator` is one that may do everything. */
    readonly roles?: readonly string[];
    /** Names. */
    readonly groups?: readonly string[];
    /** Left as it is when missing. */
    readonly timezone?: string;
    /** Left as it is when missing. */
    readonly active?: boolean;
    /** Of a user that is made; neither compared nor changed where the user is there. */
    readonly password?: string;
  };
  readonly Variable: {
    /** May be missing where the variable is there: a protected value cannot be read back. */
    readonly value?: string;
    readonly location?: string;
    readonly protected?: boolean;
    readonly restricted?: boolean;
    /** Names of those that may use it while it is protected. Left as they are when missing. */
    readonly templates?: readonly string[];
  };
  readonly Template: {
    readonly platform: Platform;
    readonly job?: string;
    readonly volumes?: string;
    readonly description?: string;
    readonly restart?: 'always' | 'on-failure' | 'never';
    readonly exceptions?: readonly string[];
    /** Names; what of these six is missing is left as it is. */
    readonly groups?: readonly string[];
    readonly locations?: readonly string[];
    readonly computeUnits?: number;
    readonly storageUnits?: number;
    readonly schedule?: ScheduleSpec | typeof ALWAYS;
    readonly ports?: readonly TemplatePort[];
    /** Kept with a version that is made; not compared. */
    readonly note?: string;
  };
  readonly Volume: {
    readonly platform: Platform;
    readonly location: string;
    readonly definition: string;
    readonly want?: 'present' | 'absent';
  };
  readonly Space: {
    /** Name of the template. */
    readonly template: string;
    readonly location?: string;
    readonly description?: string;
    readonly shell?: string;
    /** Left as it is when missing. */
    readonly want?: 'running' | 'stopped';
    /** With whom its owner shares web ports. Left as they are when missing. */
    readonly ports?: readonly PortSpec[];
  };
}

export type Labels = Readonly<Record<string, string>>;

/** One thing as it is to be. What is missing is at its default, unless its field says otherwise. */
export type Manifest = {
  [K in Kind]: {
    readonly kind: K;
    readonly name: string;
    /** Left as they are when missing. */
    readonly labels?: Labels;
    readonly spec: Specs[K];
  };
}[Kind];

/** Names one thing among those of an apply. */
export function keyOf(kind: Kind, name: string): string {
  return `${kind}/${name.toLowerCase()}`;
}

/** A manifest with where it was read, `file:line`. */
export type PlacedManifest = Manifest & { readonly place: string };

/** What a field takes: a text, a whole number, yes or no, a list of texts, a section of its own, or one of these words. */
export type FieldType =
  'text' | 'number' | 'yes or no' | 'list' | 'schedule' | 'ports' | 'named ports' | readonly string[];

export interface Field {
  readonly type: FieldType;
  readonly required?: boolean;
}
