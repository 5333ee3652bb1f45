import { Anchor, Container } from '@mantine/core';
import { Link, isRouteErrorResponse, useRouteError } from 'react-router';
import { texts } from '../texts/texts.js';
import { ProblemView } from './problem-view.js';

/** For a page that failed as a whole: a defect of ours, or code that could not be loaded. */
export function RouteProblem() {
  const error = useRouteError();
  const notFound = isRouteErrorResponse(error) && error.status === 404;
  return (
    <Container size="sm" py="xl">
      <ProblemView
        error={error}
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
