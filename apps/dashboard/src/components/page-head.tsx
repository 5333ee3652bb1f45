import { Anchor, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useTitle } from '../app/use-title.js';
import classes from './page-head.module.css';

interface PageHeadProps {
  readonly title: string;
  /** Where the page belongs. */
  readonly above?: { readonly to: string; readonly label: string };
  /** Beside the title: a badge. */
  readonly badge?: ReactNode;
  readonly below?: ReactNode;
  /** Buttons. */
  readonly children?: ReactNode;
}

export function PageHead({ title, above, badge, below, children }: PageHeadProps) {
  useTitle(title);
  return (
    <header className={classes.head}>
      <div className={classes.words}>
        {above && (
          <Anchor component={Link} to={above.to} size="sm">
            ← {above.label}
          </Anchor>
        )}
        <div className={classes.line}>
          <Title order={1} size="h2" className={classes.title}>
            {title}
          </Title>
          {badge}
        </div>
        {below && <div className={classes.below}>{below}</div>}
      </div>
      {children && <div className={classes.buttons}>{children}</div>}
    </header>
  );
}
