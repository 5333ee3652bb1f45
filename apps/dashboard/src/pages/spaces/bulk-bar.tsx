import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { Space } from '../../api/schemas.js';
import { texts } from '../../texts/texts.js';
import { BulkModal } from './bulk-modal.js';
import { BULK_DEEDS, type BulkDeed } from './bulk-plan.js';
import classes from './bulk-bar.module.css';

interface BulkBarProps {
  readonly chosen: readonly Space[];
  readonly onClear: () => void;
}

/** What can be done with all that are chosen. */
export function BulkBar({ chosen, onClear }: BulkBarProps) {
  const [asking, setAsking] = useState<BulkDeed | null>(null);
  return (
    <div className={classes.bar} role="region" aria-label={texts.bulk.label}>
      <Text fw={600} role="status">
        {texts.bulk.chosen(chosen.length)}
      </Text>
      <Group gap="xs">
        {BULK_DEEDS.map((deed) => (
          <Button
            key={deed}
            size="compact-sm"
            variant={deed === 'delete' ? 'light' : 'default'}
            color={deed === 'delete' ? 'red' : undefined}
            onClick={() => setAsking(deed)}
          >
            {texts.bulk.deeds[deed]} …
          </Button>
        ))}
        <Button size="compact-sm" variant="subtle" onClick={onClear}>
          {texts.bulk.clear}
        </Button>
      </Group>
      {asking && (
        <BulkModal
          deed={asking}
          spaces={chosen}
          onDone={() => {
            setAsking(null);
            onClear();
          }}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  );
}
