import { Anchor, Container } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Link, isRouteErrorResponse, useRouteError } from 'react-router';
import { unreachable } from '../api/parse-problem.js';
import { useLive } from '../live/live-context.js';
import { texts } from '../texts/texts.js';
import { ProblemView } from './problem-view.js';

/** For a page that failed as a whole: a defect of ours, or code that could not be loaded while the server was away. */
export function RouteProblem() {
  const error = useRouteError();
  const { state } = useLive();
  const [wasCut] = useState(state === 'cut');
  useEffect(() => {
    if (wasCut && state === 'open') window.location.reload();
  }, [wasCut, state]);
  const notFound = isRouteErrorResponse(error) && error.status === 404;
  return (
    <Container size="sm" py="xl">
      <ProblemView
        error={wasCut ? unreachable() : error}
        title={notFound ? texts.errors.notFoundTitle : undefined}
        onRetry={() => window.location.reload()}
      >
        <Anchor component={Link} to="/spaces" size="sm">
          {texts.errors.toSpaces}
        </Anchor>
      </ProblemView>
    </Container>
  );
}
