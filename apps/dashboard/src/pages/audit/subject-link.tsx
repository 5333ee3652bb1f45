import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { texts } from '../../texts/texts.js';

const PAGES: Readonly<Record<string, string>> = {
  space: '/spaces',
  template: '/templates',
  location: '/locations',
  user: '/users',
  variable: '/variables',
  volume: '/volumes',
  group: '/groups',
  role: '/roles',
};
const KINDS: Readonly<Record<string, string>> = texts.audit.kinds;

interface SubjectLinkProps {
  readonly kind: string;
  readonly id: string;
  /** '' where only the id is known. */
  readonly name?: string;
}

/** What a deed was done to, with the way to its page. */
export function SubjectLink({ kind, id, name = '' }: SubjectLinkProps) {
  const page = PAGES[kind];
  const word = `${KINDS[kind] ?? kind} ${name || shortened(id)}`;
  if (page === undefined || id === '') return word;
  return (
    <Anchor component={Link} to={`${page}/${encodeURIComponent(id)}`} c="inherit" size="sm" title={id}>
      {word}
    </Anchor>
  );
}

/** Ids are long; a name of a location stays whole. */
export function shortened(id: string): string {
  return id.length > 12 && /[0-9a-f]{8}-[0-9a-f]{4}-/.test(id) ? id.replace(/-[0-9a-f-]{27}$/, '…') : id;
}
