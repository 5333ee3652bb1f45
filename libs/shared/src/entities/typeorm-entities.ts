import { Column, Entity, Index, type ColumnOptions } from 'typeorm';
import { INDEXED_TEXT_LENGTH } from './columns.js';
import { columnsOf, tableOf, type DeclaredColumn } from './declared.js';

interface EntityClass {
  readonly prototype: object;
  new (): object;
}

const told = new WeakSet<object>();

/** The entities as TypeORM takes them: it is told what they declare. */
export function typeormEntities(entities: readonly EntityClass[]): EntityClass[] {
  for (const entity of entities) {
    if (told.has(entity)) continue;
    told.add(entity);
    const { name, withoutRowid, indexes } = tableOf(entity);
    for (const column of columnsOf(entity)) tellColumn(entity, column);
    for (const index of indexes) Index(index.name, [...index.fields])(entity);
    Entity({ name, withoutRowid })(entity);
  }
  return [...entities];
}

function tellColumn(entity: EntityClass, column: DeclaredColumn): void {
  const options: ColumnOptions = {
    type: column.type,
    primary: column.key,
    ...(column.type === 'varchar' && { length: INDEXED_TEXT_LENGTH }),
    ...(column.default !== undefined && { default: column.default }),
  };
  Column(options)(entity.prototype, column.name);
}
