import { Button } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { SpaceDetail } from '../../api/schemas.js';
import { texts } from '../../texts/texts.js';
import { hasAgent } from '../terminal/has-agent.js';

/** What is said in a space whose agent is there to hear it. */
export function LogsButton({ space }: { space: SpaceDetail }) {
  if (!hasAgent(space)) return null;
  return (
    <Button
      component={Link}
      to={`/spaces/${space.id}/logs`}
      size="sm"
      variant="default"
      leftSection={<IconFileText size={16} />}
    >
      {texts.logs.open}
    </Button>
  );
}
