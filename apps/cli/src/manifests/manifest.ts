import type { Platform } from '@knot/domain';

/** In the order in which they are applied: what others stand on comes first. */
export const KINDS = ['Variable', 'Template', 'Volume', 'Space'] as const;

export type Kind = (typeof KINDS)[number];

export interface Specs {
  readonly Variable: {
    /** May be missing where the variable is there: a protected value cannot be read back. */
    readonly value?: string;
    readonly location?: string;
    readonly protected?: boolean;
    readonly restricted?: boolean;
  };
  readonly Template: {
    readonly platform: Platform;
    readonly job?: string;
    readonly volumes?: string;
    readonly description?: string;
    readonly restart?: 'always' | 'on-failure' | 'never';
    readonly exceptions?: readonly string[];
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
    /** Left as it is when missing. */
    readonly want?: 'running' | 'stopped';
  };
}

/** One thing as it is to be. What is missing is at its default, unless its field says otherwise. */
export type Manifest = {
  [K in Kind]: { readonly kind: K; readonly name: string; readonly spec: Specs[K] };
}[Kind];

/** A manifest with where it was read, `file:line`. */
export type PlacedManifest = Manifest & { readonly place: string };

/** What a field takes: a text, yes or no, a list of texts, or one of these words. */
export type FieldType = 'text' | 'yes or no' | 'list' | readonly string[];

export interface Field {
  readonly type: FieldType;
  readonly required?: boolean;
}
