import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { texts } from '../texts/texts.js';
import { shortTime } from '../texts/format-time.js';
import { LoadingRows } from './loading-rows.js';
import { ProblemView } from './problem-view.js';

interface QueryViewProps<T> {
  readonly query: Pick<UseQueryResult<T>, 'data' | 'error' | 'refetch' | 'dataUpdatedAt'>;
  readonly loading?: ReactNode;
  /** Title for a problem of which nothing was ever read. */
  readonly errorTitle?: string;
  readonly children: (data: T) => ReactNode;
}

/** Loading, error, or what was read; what could not be read again stays, and says from when it is. */
export function QueryView<T>({ query, loading, errorTitle, children }: QueryViewProps<T>) {
  const { data, error, refetch, dataUpdatedAt } = query;
  const retry = () => void refetch();
  if (data === undefined) {
    return error ? <ProblemView error={error} title={errorTitle} onRetry={retry} /> : (loading ?? <LoadingRows />);
  }
  return (
    <>
      {error && (
        <ProblemView
          error={error}
          title={`${texts.errors.staleTitle} (${texts.common.asOf(shortTime(dataUpdatedAt))})`}
          onRetry={retry}
        />
      )}
      {children(data)}
    </>
  );
}
