import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './empty-view.module.css';

interface EmptyViewProps {
  readonly icon: ReactNode;
  readonly title: string;
  /** 1 where it is all there is of the page. */
  readonly titleOrder?: 1 | 2;
  readonly hint?: string;
  /** The next step. */
  readonly children?: ReactNode;
}

export function EmptyView({ icon, title, titleOrder = 2, hint, children }: EmptyViewProps) {
  return (
    <Stack align="center" gap="xs" className={classes.empty}>
      <div className={classes.icon} aria-hidden>
        {icon}
      </div>
      <Title order={titleOrder} size="h4" ta="center">
        {title}
      </Title>
      {hint && (
        <Text c="dimmed" ta="center" maw={440}>
          {hint}
        </Text>
      )}
      {children && <div className={classes.step}>{children}</div>}
    </Stack>
  );
}
