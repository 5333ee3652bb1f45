import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { texts } from '../texts/texts.js';
import { useTitle } from './use-title.js';
import classes from './gate.module.css';

/** The frame of the pages before one is in. */
export function Gate({ title, children }: { title: string; children: ReactNode }) {
  useTitle(title);
  return (
    <main className={classes.gate}>
      <div className={classes.card}>
        <div className={classes.brand}>
          <img src="/knot.svg" alt="" width={36} height={36} />
          {texts.product}
        </div>
        <Title order={1} size="h3">
          {title}
        </Title>
        {children}
      </div>
    </main>
  );
}
