export type ColumnType = 'varchar' | 'text' | 'integer' | 'bigint' | 'boolean' | 'simple-json' | 'blob';

export interface DeclaredColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly key: boolean;
  /** What the rows had that were there before a later migration added the column; undefined for a column of the first. */
  readonly default: string | number | undefined;
}

export interface DeclaredIndex {
  readonly name: string;
  readonly fields: readonly string[];
}

export interface DeclaredTable {
  readonly name: string;
  readonly withoutRowid: boolean;
  readonly indexes: readonly DeclaredIndex[];
}

type Class = abstract new () => object;

const tables = new Map<unknown, DeclaredTable>();
const columns = new Map<unknown, DeclaredColumn[]>();

/**
 * The table of an entity. What entities declare is kept here and not by TypeORM, which costs a server 12 MB: it is told
 * only where it works (`typeorm-entities.ts`).
 */
export function Table(
  name: string,
  { withoutRowid = false, indexes = [] }: Partial<DeclaredTable> = {},
): ClassDecorator {
  return (target) => void tables.set(target, { name, withoutRowid, indexes });
}

/** A column of the entity that the decorated property belongs to. */
export function declareColumn(type: ColumnType, more: Partial<Pick<DeclaredColumn, 'key' | 'default'>> = {}) {
  return (prototype: object, property: string | symbol): void => {
    const declared = { name: String(property), type, key: more.key ?? false, default: more.default };
    columns.set(prototype.constructor, [...ownColumns(prototype.constructor), declared]);
  };
}

/** Throws a TypeError for a class that is no entity. */
export function tableOf(entity: Class): DeclaredTable {
  const table = tables.get(entity);
  if (table === undefined) throw new TypeError(`${entity.name} is no entity`);
  return table;
}

/** Those of what it extends first. */
export function columnsOf(entity: Class): readonly DeclaredColumn[] {
  const chain: unknown[] = [];
  for (let one: unknown = entity; typeof one === 'function'; one = Object.getPrototypeOf(one)) chain.unshift(one);
  return chain.flatMap(ownColumns);
}

function ownColumns(owner: unknown): DeclaredColumn[] {
  return columns.get(owner) ?? [];
}
