import { Anchor, Group } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { Link, useSearchParams } from 'react-router';
import { useTitle } from '../../app/use-title.js';
import { EmptyView } from '../../components/empty-view.js';
import { texts } from '../../texts/texts.js';

/** Where the address of an app leads that is not opened: why, by a code alone, since anybody can write an address. */
export function AppClosedPage() {
  const [params] = useSearchParams();
  useTitle(texts.appClosed.title);
  const where = new URLSearchParams({ host: params.get('host') ?? '', path: params.get('path') ?? '/' });
  const words = new Map(Object.entries(texts.appClosed.why));
  return (
    <EmptyView
      icon={<IconLock size={28} />}
      title={texts.appClosed.title}
      titleOrder={1}
      hint={words.get(params.get('code') ?? '') ?? texts.appClosed.otherwise}
    >
      <Group justify="center">
        <Anchor href={`/apps/open?${where.toString()}`}>{texts.appClosed.again}</Anchor>
        <Anchor component={Link} to="/spaces">
          {texts.errors.toSpaces}
        </Anchor>
      </Group>
    </EmptyView>
  );
}
