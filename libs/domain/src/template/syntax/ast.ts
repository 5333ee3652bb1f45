import type { SourceText } from './source-text.js';

/** Every node carries `at`, the offset in the template's text where it starts. */
export type Operand =
  | { readonly kind: 'dot'; readonly at: number }
  | { readonly kind: 'nil'; readonly at: number }
  | { readonly kind: 'field'; readonly at: number; readonly names: readonly string[] }
  | { readonly kind: 'variable'; readonly at: number; readonly name: string; readonly names: readonly string[] }
  | { readonly kind: 'function'; readonly at: number; readonly name: string }
  | { readonly kind: 'literal'; readonly at: number; readonly value: string | number | boolean }
  | { readonly kind: 'group'; readonly at: number; readonly pipeline: Pipeline; readonly names: readonly string[] };

export interface Command {
  readonly at: number;
  readonly first: Operand;
  readonly rest: readonly Operand[];
}

export interface Pipeline {
  readonly at: number;
  readonly variables: readonly string[];
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}

export interface Branch {
  readonly pipeline: Pipeline;
  readonly body: readonly Statement[];
}

export type Statement =
  | { readonly kind: 'text'; readonly at: number; readonly text: string }
  | { readonly kind: 'print'; readonly at: number; readonly pipeline: Pipeline }
  | {
      readonly kind: 'if' | 'with';
      readonly at: number;
      readonly branches: readonly Branch[];
      readonly otherwise: readonly Statement[];
    }
  | {
      readonly kind: 'range';
      readonly at: number;
      readonly pipeline: Pipeline;
      readonly body: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  | { readonly kind: 'template'; readonly at: number; readonly name: string; readonly pipeline: Pipeline | undefined }
  | { readonly kind: 'break' | 'continue'; readonly at: number };

/** A template that parsed; it depends on nothing but its text and may be kept and rendered many times. */
export interface ParsedTemplate {
  readonly source: SourceText;
  readonly body: readonly Statement[];
  readonly defined: ReadonlyMap<string, readonly Statement[]>;
}
