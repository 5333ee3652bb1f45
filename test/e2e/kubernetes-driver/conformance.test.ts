import { describeDriver } from '@knot/drivers/conformance';
import { freshNamespace, sharedKubernetes } from '../../tools/shared-kubernetes.js';
import { harnessFor } from './harness.js';

describeDriver('kubernetes', async () => {
  const access = await sharedKubernetes();
  return harnessFor(await freshNamespace(access), access);
});
