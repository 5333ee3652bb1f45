import { Anchor } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useTitle } from '../app/use-title.js';
import { EmptyView } from './empty-view.js';

interface GonePageProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly hint?: string;
  /** Where to go from here. */
  readonly way: { readonly to: string; readonly label: string };
}

/** In place of a page whose subject is not there. */
export function GonePage({ icon, title, hint, way }: GonePageProps) {
  useTitle(title);
  return (
    <EmptyView icon={icon} title={title} titleOrder={1} hint={hint}>
      <Anchor component={Link} to={way.to}>
        {way.label}
      </Anchor>
    </EmptyView>
  );
}
