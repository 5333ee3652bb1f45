import { useQuery } from '@tanstack/react-query';
import { Panel } from '../../components/panel.js';
import { terminalsQuery } from '../../queries/space-queries.js';
import { texts } from '../../texts/texts.js';
import { TerminalList } from './terminal-list.js';

interface OtherTerminalsProps {
  readonly space: string;
  /** Ids of those that this page shows or has ended. */
  readonly known: readonly string[];
}

/** Those that another window shows, or none: nothing is drawn where there are no others. */
export function OtherTerminals({ space, known }: OtherTerminalsProps) {
  const { data = [], isError } = useQuery(terminalsQuery(space));
  // of before, where they cannot be had now
  const others = isError ? [] : data.filter(({ id }) => !known.includes(id));
  if (others.length === 0) return null;
  return (
    <Panel title={texts.terminal.othersTitle}>
      <TerminalList space={space} terminals={others} />
    </Panel>
  );
}
