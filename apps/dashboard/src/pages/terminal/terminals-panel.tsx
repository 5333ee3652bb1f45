import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { hasCode } from '../../api/problem.js';
import type { SpaceDetail } from '../../api/schemas.js';
import { Panel } from '../../components/panel.js';
import { QueryView } from '../../components/query-view.js';
import { terminalsQuery } from '../../queries/space-queries.js';
import { texts } from '../../texts/texts.js';
import { hasAgent } from './has-agent.js';
import { TerminalList } from './terminal-list.js';

/** All of one's terminals in a space whose agent is there. */
export function TerminalsPanel({ space }: { space: SpaceDetail }) {
  return hasAgent(space) ? <Open space={space.id} /> : null;
}

function Open({ space }: { space: string }) {
  const query = useQuery(terminalsQuery(space));
  // stopped a moment ago, or not for those who look
  if (hasCode(query.error, 'access.denied', 'state.refused')) return null;
  return (
    <Panel title={texts.terminal.listTitle}>
      <QueryView query={query}>
        {(terminals) =>
          terminals.length === 0 ? (
            <Text c="dimmed">{texts.terminal.none}</Text>
          ) : (
            <TerminalList space={space} terminals={terminals} />
          )
        }
      </QueryView>
    </Panel>
  );
}
