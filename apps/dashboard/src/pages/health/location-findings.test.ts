import { expect, it } from 'vitest';
import { madeLocation } from '../../testing/made.js';
import { locationFindings } from './location-findings.js';

const leaf = { version: '1.2.0', protocol: 1, holder: '', instance: 'i', term: 1 };

it('tells of silent and waiting locations and of orphans, the worst first, and of no other', () => {
  const findings = locationFindings([
    madeLocation({ name: 'well', leaf }),
    madeLocation({ name: 'old', leaf, orphans: 2 }),
    madeLocation({ name: 'quiet', leaf, live: false }),
    madeLocation({ name: 'new', leaf: null, live: false, waiting: 1 }),
  ]);
  expect(findings.map(({ location, tone }) => [location, tone])).toEqual([
    ['quiet', 'unknown'],
    ['new', 'falling'],
    ['old', 'falling'],
  ]);
});
