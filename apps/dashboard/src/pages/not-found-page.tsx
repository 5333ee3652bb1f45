import { Anchor } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { Link } from 'react-router';
import { EmptyView } from '../components/empty-view.js';
import { PageHead } from '../components/page-head.js';
import { texts } from '../texts/texts.js';

export function NotFoundPage() {
  return (
    <>
      <PageHead title={texts.errors.notFoundTitle} />
      <EmptyView icon={<IconMapOff size={28} />} title={texts.errors.notFoundTitle} hint={texts.errors.notFound}>
        <Anchor component={Link} to="/spaces">
          {texts.errors.toSpaces}
        </Anchor>
      </EmptyView>
    </>
  );
}
