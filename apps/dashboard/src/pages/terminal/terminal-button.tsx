import { Button } from '@mantine/core';
import { IconTerminal2 } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { SpaceDetail } from '../../api/schemas.js';
import { texts } from '../../texts/texts.js';
import { hasAgent } from './has-agent.js';

/** The way into a space whose agent is there. The server makes the page anew: which leaf it may call is said with it. */
export function TerminalButton({ space }: { space: SpaceDetail }) {
  if (!hasAgent(space)) return null;
  return (
    <Button
      component={Link}
      reloadDocument
      to={`/spaces/${space.id}/terminal`}
      size="sm"
      variant="default"
      leftSection={<IconTerminal2 size={16} />}
    >
      {texts.terminal.open}
    </Button>
  );
}
