import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { TextProblem, TextWarning } from '../../api/schemas.js';
import { textCheckQuery } from '../../queries/template-queries.js';
import { syntaxProblems } from './syntax-problems.js';

/** ms after the last key until the server is asked. */
const TYPING = 600;

interface TextCheck {
  readonly problems: readonly TextProblem[];
  /** What the location of the server says of texts that render. */
  readonly warnings: readonly TextWarning[];
  readonly isChecking: boolean;
}

/**
 * What is wrong with the texts, as one types. The grammar is looked at here and at once; the rest, such as a name that
 * is not there, the server finds for a template that it knows.
 */
export function useTextCheck(id: string, job: string, volumes: string): TextCheck {
  const own = useMemo(() => [...syntaxProblems('job', job), ...syntaxProblems('volumes', volumes)], [job, volumes]);
  const [settled] = useDebouncedValue(
    useMemo(() => ({ job, volumes }), [job, volumes]),
    TYPING,
  );
  const isSettled = settled.job === job && settled.volumes === volumes;
  const query = useQuery({
    ...textCheckQuery(id, settled.job, settled.volumes),
    enabled: id !== '' && isSettled && own.length === 0,
  });
  if (own.length > 0) return { problems: own, warnings: [], isChecking: false };
  const { problems = [], warnings = [] } = (isSettled && query.data) || {};
  return { problems, warnings, isChecking: !isSettled || query.isFetching };
}
