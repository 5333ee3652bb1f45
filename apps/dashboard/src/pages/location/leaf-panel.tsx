import { Code, Text } from '@mantine/core';
import type { LocationDetail } from '../../api/schemas.js';
import { Facts } from '../../components/facts.js';
import { Moment } from '../../components/moment.js';
import { Panel } from '../../components/panel.js';
import { texts } from '../../texts/texts.js';

/** Who acts for the location, and how far behind it is. */
export function LeafPanel({ location }: { location: LocationDetail }) {
  const { leaf, facts } = location;
  const appsAt = facts?.wildcardDomain || facts?.appsUrl;
  return (
    <Panel title={texts.location.factsTitle}>
      {leaf ? (
        <Facts
          facts={[
            { name: texts.location.asOf, value: <Moment at={location.asOf} /> },
            { name: texts.location.version, value: leaf.version },
            { name: texts.location.term, value: leaf.term },
            {
              name: texts.location.revision,
              value: `${texts.location.revisionSeen(location.appliedRev, location.headRev)}, ${
                location.lag === 0 ? texts.locations.upToDate : texts.locations.behind(location.lag)
              }`,
            },
            { name: texts.location.queue, value: location.queue },
            { name: texts.location.protocol, value: leaf.protocol },
            { name: texts.location.instance, value: <Code>{leaf.instance}</Code> },
            { name: texts.location.holder, value: <Code>{leaf.holder || texts.common.none}</Code> },
            {
              name: texts.location.direct,
              value: facts?.directUrl ? <Code>{facts.directUrl}</Code> : texts.location.directNone,
            },
            ...(facts?.directFingerprint
              ? [{ name: texts.location.fingerprint, value: <Code>{facts.directFingerprint}</Code> }]
              : []),
            ...(appsAt ? [{ name: texts.location.appsDomain, value: <Code>{appsAt}</Code> }] : []),
          ]}
        />
      ) : (
        <Text c="dimmed">{texts.location.noLeaf}</Text>
      )}
    </Panel>
  );
}
