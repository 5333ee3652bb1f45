import type { Location, Space, Template } from '../api/schemas.js';

/** One `change` of the event stream. Kinds that no view of ours shows are `other`. */
export type Change =
  | { readonly kind: 'space'; readonly id: string; readonly object: Space | null }
  | { readonly kind: 'location'; readonly id: string; readonly object: Location | null }
  | { readonly kind: 'template'; readonly id: string; readonly object: Template | null }
  | { readonly kind: 'other'; readonly name: string; readonly id: string };

/** Null for data that is no change. `object` is null when the thing was deleted, or its new form did not come along. */
export function parseChange(data: string): Change | null {
  const value = parseJson(data);
  if (!isRecord(value) || typeof value['kind'] !== 'string' || typeof value['id'] !== 'string') return null;
  const { kind, id } = value;
  const object = value['op'] === 'put' && isRecord(value['object']) ? value['object'] : null;
  switch (kind) {
    case 'space':
      return { kind, id, object: object as Space | null };
    case 'location':
      return { kind, id, object: object as Location | null };
    case 'template':
      return { kind, id, object: object as Template | null };
    default:
      return { kind: 'other', name: kind, id };
  }
}

/** The kind that an event names; '' when it names none. */
export function parseKind(data: unknown): string {
  const value = typeof data === 'string' ? parseJson(data) : null;
  return isRecord(value) && typeof value['kind'] === 'string' ? value['kind'] : '';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
