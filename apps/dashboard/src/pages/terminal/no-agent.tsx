import { Anchor } from '@mantine/core';
import { IconTerminal2 } from '@tabler/icons-react';
import { Link } from 'react-router';
import { EmptyView } from '../../components/empty-view.js';
import { texts } from '../../texts/texts.js';

/** Nothing to connect to, which is not the same as a connection that is lost. `hint`: what the agent is needed for. */
export function NoAgent({ hint }: { readonly hint: string }) {
  return (
    <EmptyView icon={<IconTerminal2 size={28} />} title={texts.terminal.noAgent} hint={hint}>
      <Anchor component={Link} to="/guide/agents-in-images">
        {texts.terminal.noAgentGuide}
      </Anchor>
    </EmptyView>
  );
}
