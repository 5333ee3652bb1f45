import { Anchor } from '@mantine/core';
import { Link } from 'react-router';

const PAGES: Readonly<Record<string, string>> = {
  space: '/spaces',
  template: '/templates',
  location: '/locations',
  user: '/users',
  variable: '/variables',
  volume: '/volumes',
};

/** What a deed was done to, with the way to its page. */
export function SubjectLink({ kind, id }: { kind: string; id: string }) {
  const page = PAGES[kind];
  const short = id.length > 12 ? `${id.slice(0, 8)}…` : id;
  if (page === undefined || id === '') return `${kind} ${short}`;
  return (
    <Anchor component={Link} to={`${page}/${encodeURIComponent(id)}`} c="inherit" size="sm" title={id}>
      {kind} {short}
    </Anchor>
  );
}
