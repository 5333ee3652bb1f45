import { VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { texts } from '../texts/texts.js';
import classes from './table.module.css';

export interface Column<T> {
  readonly label: string;
  readonly cell: (row: T) => ReactNode;
  /** Figures and times: not broken, of one width. */
  readonly isNumber?: boolean;
  /** What a pointer that rests on the head reads. */
  readonly title?: string;
}

interface ListTableProps<T> {
  readonly rows: readonly T[];
  /** The first one names the row. */
  readonly columns: readonly [Column<T>, ...Column<T>[]];
  readonly keyOf: (row: T) => string;
  /** By which tests and links find the row. */
  readonly nameOf: (row: T) => string;
  readonly deeds?: (row: T) => ReactNode;
}

export function ListTable<T>({ rows, columns: [first, ...others], keyOf, nameOf, deeds }: ListTableProps<T>) {
  return (
    <div className={classes.frame}>
      <table className={classes.table}>
        <thead>
          <tr>
            {[first, ...others].map(({ label, title }) => (
              <th key={label} scope="col" title={title}>
                {label}
              </th>
            ))}
            {deeds && (
              <th scope="col">
                <VisuallyHidden>{texts.common.actions}</VisuallyHidden>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} data-row={nameOf(row)}>
              <th scope="row">{first.cell(row)}</th>
              {others.map(({ label, cell, isNumber }) => (
                <td key={label} data-label={label} className={isNumber ? classes.number : undefined}>
                  {cell(row)}
                </td>
              ))}
              {deeds && <td className={classes.deeds}>{deeds(row)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
