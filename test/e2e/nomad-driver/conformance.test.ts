import { describeDriver } from '@knot/drivers/conformance';
import { sharedNomad } from '../../tools/shared-nomad.js';
import { harnessFor } from './harness.js';

const nomad = await sharedNomad();

describeDriver('nomad', async () => harnessFor(await nomad.freshNamespace()));
