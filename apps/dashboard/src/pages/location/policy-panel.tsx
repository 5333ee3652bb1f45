import type { LocationDetail } from '../../api/schemas.js';
import { Facts } from '../../components/facts.js';
import { Panel } from '../../components/panel.js';
import { texts } from '../../texts/texts.js';

export function PolicyPanel({ policy }: { policy: LocationDetail['policy'] }) {
  const words = (names: readonly string[]) => (names.length === 0 ? texts.common.none : names.join(', '));
  return (
    <Panel title={texts.location.policyTitle}>
      <Facts
        facts={[
          { name: texts.location.drivers, value: words(policy.drivers) },
          { name: texts.location.hostVolumes, value: words(policy.hostVolumes) },
        ]}
      />
    </Panel>
  );
}
