import { Button, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useMatch } from 'react-router';
import type { OpenTerminal } from '../../api/schemas.js';
import { Moment } from '../../components/moment.js';
import { RemovableItem } from '../../components/removable-item.js';
import { endTerminal } from '../../deeds/space-deeds.js';
import { keys } from '../../queries/keys.js';
import { texts } from '../../texts/texts.js';
import classes from '../location/location-lists.module.css';

interface TerminalListProps {
  /** Id. */
  readonly space: string;
  readonly terminals: readonly OpenTerminal[];
}

/** Shells that one has in a space, whichever window shows them: each can be shown here, and ended. */
export function TerminalList({ space, terminals }: TerminalListProps) {
  const client = useQueryClient();
  const amongTerminals = useMatch('/spaces/:id/terminal') !== null;
  const end = async (terminal: string) => {
    await endTerminal(space, terminal);
    await client.invalidateQueries({ queryKey: keys.terminals(space) });
  };
  return (
    <ul className={classes.list}>
      {terminals.map(({ id, program, startedAt, activeAt, shown }) => (
        <RemovableItem
          key={id}
          name={program}
          kind={shown ? texts.terminal.inWindow : texts.terminal.noWindow}
          remove={{
            deed: texts.terminal.end,
            label: texts.terminal.endOf(program),
            title: texts.terminal.endTitle(program),
            what: texts.terminal.endWhat,
          }}
          onRemove={() => end(id)}
        >
          <Group gap="xs" justify="space-between">
            <Text c="dimmed">
              {texts.terminal.begun} <Moment at={startedAt} />, {texts.terminal.lastActive} <Moment at={activeAt} />
            </Text>
            <Button
              component={Link}
              reloadDocument={!amongTerminals}
              to={`/spaces/${space}/terminal?terminal=${id}`}
              size="compact-sm"
              variant="default"
              aria-label={texts.terminal.reopen(program)}
            >
              {texts.terminal.here}
            </Button>
          </Group>
        </RemovableItem>
      ))}
    </ul>
  );
}
